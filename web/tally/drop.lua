-- Delete the batch of a tally, if it is still this one.
--
-- KEYS[1]  hash of the batch
-- ARGV[1]  its id
-- returns  how many were deleted: 1 or 0

if redis.call("hget", KEYS[1], "batch") == ARGV[1] then
    return redis.call("del", KEYS[1])
end
return 0
