-- The destination answers: close the circuit, and leave a note that rows which waited for it may come.
--
-- KEYS   outages, open, probe   as in circuit_failed.lua
--        back   the note, which one worker takes
-- ARGV   forget   seconds after which the note goes
--
-- Returns 1 to whoever closes the circuit, 0 when it was closed.

local outages, open, probe, back = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local forget = ARGV[1]
redis.call('DEL', outages, probe)
local closed = redis.call('DEL', open)
if closed == 1 then redis.call('SET', back, 1, 'EX', forget) end
return closed
