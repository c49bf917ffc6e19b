-- Take a slot for one call in a rolling window that all workers share.
--
-- KEYS   calls   sorted set: one member for each slot, scored by the moment at which it becomes free
--        state   hash: limit, window, pause, due, refusals (what answers taught us)
--        day     hash: until (the daily limit is used up until then)
-- ARGV   one JSON object:
--        name      of the slot
--        limit     calls allowed in any window
--        window    length of the window
--        share     our part of what HubSpot allows, 0 to 1
--        patience  how long the caller waits at most
--        flight    how long a call may take
-- Times are microseconds of Redis' own clock: no worker's clock matters.
--
-- Returns {'slot', wait, at} | {'full', wait} | {'day', wait}
--
-- Calls are spread over the window, so that nobody ever waits long for a slot; a tenth of a window may be
-- caught up with at once.

local SECOND = 1000000
local OLD = 60 * SECOND       -- members that became free stay this long: answered.lua counts them
local IDLE = 3600             -- seconds after which an unused key goes
local ROUNDING = 0.001        -- 0.9 * 100 must not become 89
local CATCH_UP = 0.1          -- of a window

local calls, state, day = KEYS[1], KEYS[2], KEYS[3]
local asked = cjson.decode(ARGV[1])
local limit, window = asked.limit, asked.window
local clock = redis.call('TIME')
local now = clock[1] * SECOND + clock[2]

local parked = tonumber(redis.call('HGET', day, 'until') or 0) - now
if parked > 0 then return {'day', parked} end

local learnt = redis.call('HMGET', state, 'limit', 'window', 'pause', 'due')
if learnt[1] then limit = math.max(1, math.min(limit, math.floor(learnt[1] * asked.share + ROUNDING))) end
if learnt[2] then window = tonumber(learnt[2]) end
local pause, due = tonumber(learnt[3] or 0), math.min(tonumber(learnt[4] or 0), now + window)
local earliest = due - window * CATCH_UP

redis.call('ZREMRANGEBYSCORE', calls, '-inf', now - OLD)
redis.call('ZREMRANGEBYSCORE', calls, now + 2 * (window + asked.flight), '+inf')  -- the clock was set back

local free, taken = now, string.format('(%.0f', now)
local used = redis.call('ZCOUNT', calls, taken, '+inf')
if used >= limit then
    local last = redis.call('ZRANGEBYSCORE', calls, taken, '+inf', 'WITHSCORES', 'LIMIT', used - limit, 1)
    free = tonumber(last[2])
end
local at = math.max(free, pause, earliest)
if at - now > asked.patience then
    return {'full', math.max(math.min(free, now + window), pause, earliest) - now}
end
redis.call('ZADD', calls, at + asked.flight + window, asked.name)
redis.call('HSET', state, 'due', math.max(due, at) + window / limit)
redis.call('EXPIRE', calls, IDLE)
redis.call('EXPIRE', state, IDLE)
return {'slot', at - now, at}
