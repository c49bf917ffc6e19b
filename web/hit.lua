-- Count one action in a moving window, and say what is left of its limit. One call of Redis.
--
-- KEYS[1]  list of the moments of the actions counted, newest first
-- ARGV     now (Unix time), limit, length of the window in seconds
-- returns  1 if it is allowed, remaining actions, and the moment of the oldest one in the window

local key, now, limit, window = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local oldest = redis.call("lindex", key, -1)
while oldest and tonumber(oldest) <= now - window do
    redis.call("rpop", key)
    oldest = redis.call("lindex", key, -1)
end

local count = redis.call("llen", key)
if count >= limit then
    return { 0, 0, redis.call("lindex", key, limit - 1) or ARGV[1] }
end
redis.call("lpush", key, ARGV[1])
redis.call("expire", key, window)
return { 1, limit - count - 1, oldest or ARGV[1] }
