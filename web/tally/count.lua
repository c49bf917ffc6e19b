-- Count one of something in a tally of limited size. One call of Redis.
--
-- KEYS[1]  hash of the counts
-- ARGV     what is counted, what is counted in its place once the tally is full, and how many counts it holds
-- returns  the count

local field = ARGV[1]
if redis.call("hexists", KEYS[1], field) == 0 and redis.call("hlen", KEYS[1]) >= tonumber(ARGV[3]) then
    field = ARGV[2]
end
return redis.call("hincrby", KEYS[1], field, 1)
