-- A call is over: let its slot run out, and learn from what the answer says about our rate.
--
-- KEYS   calls, state, day   as in take_slot.lua
-- ARGV   one JSON object; what an answer does not say is absent:
--        name       of the slot
--        at         when the slot was to be used
--        window     length of the window, HubSpot's if it says so
--        limit      calls that HubSpot allows in a window
--        remaining  calls that were left after this one
--        refused    true: this call was one too many
--        wait       Retry-After
--        park       nobody calls for so long: the daily limit is used up
-- Times are microseconds of Redis' own clock. Returns nothing.
--
-- Calls that HubSpot counted beyond those we know of were somebody else's, or ours before Redis lost them: slots
-- are taken for them. After a refusal all wait: as long as HubSpot says; else, where it says what remains, longer
-- with every refusal in a row; else a whole window.

local SECOND = 1000000
local IDLE = 3600             -- seconds after which an unused key goes
local SPARE = 60              -- seconds that a key outlives what it says
local FREE_REFUSALS = 2       -- in a row that cost no extra wait: calls may have crossed

local calls, state, day = KEYS[1], KEYS[2], KEYS[3]
local answer = cjson.decode(ARGV[1])
local window, limit, remaining = answer.window, answer.limit, answer.remaining
local clock = redis.call('TIME')
local now = clock[1] * SECOND + clock[2]
redis.call('ZADD', calls, now + window, answer.name)

if limit and remaining then
    redis.call('HSET', state, 'limit', limit, 'window', window)
    -- Those that HubSpot may have counted by now: their slot was not free yet when the call set out.
    local known = redis.call('ZCOUNT', calls, string.format('(%.0f', answer.at), '+inf')
    for other = 1, limit - remaining - known do
        redis.call('ZADD', calls, now + window, answer.name .. ':' .. other)
    end
end

if answer.park then
    redis.call('HSET', day, 'until', now + answer.park)
    redis.call('EXPIRE', day, math.ceil(answer.park / SECOND) + SPARE)
end

if not answer.refused then
    redis.call('HDEL', state, 'refusals')
    return
end

local row = redis.call('HINCRBY', state, 'refusals', 1)
local wait = answer.wait
if not wait and remaining and limit and limit > 0 then
    wait = math.min(window, math.max(0, row - FREE_REFUSALS) * window / limit)
end
wait = wait or window
local pause = tonumber(redis.call('HGET', state, 'pause') or 0)
redis.call('HSET', state, 'pause', math.max(pause, now + wait))
redis.call('EXPIRE', state, math.max(IDLE, math.ceil(wait / SECOND) + SPARE))
