-- Set the counts of a tally aside as one batch; as long as a batch is there, return it again.
--
-- KEYS     hash of the counts, hash of the batch
-- ARGV[1]  id of the batch, if a new one is made
-- returns  names and counts of the batch, and its id under `batch`; nothing if nothing was counted

if redis.call("exists", KEYS[2]) == 0 then
    if redis.call("exists", KEYS[1]) == 0 then
        return {}
    end
    redis.call("rename", KEYS[1], KEYS[2])
    redis.call("hset", KEYS[2], "batch", ARGV[1])
end
return redis.call("hgetall", KEYS[2])
