-- Count an outage; open the circuit when there were enough in a row.
--
-- KEYS   outages  counter of outages in a row
--        open     hash: since (Unix seconds), cause; there while the circuit is open
--        probe    there until the next probe may go
-- ARGV   one JSON object:
--        cause   a code of causes.py
--        enough  outages that open the circuit; 0: this one does
--        forget  seconds after which a state that nobody renewed goes
--        pause   seconds from the latest failure to the next probe
--
-- Returns 1 to whoever opens the circuit, else 0.

local outages, open, probe = KEYS[1], KEYS[2], KEYS[3]
local failure = cjson.decode(ARGV[1])
local count = redis.call('INCR', outages)
redis.call('EXPIRE', outages, failure.forget)
if count < failure.enough then return 0 end
local opened = redis.call('HSETNX', open, 'since', redis.call('TIME')[1])
redis.call('HSET', open, 'cause', failure.cause)
redis.call('EXPIRE', open, failure.forget)
redis.call('SET', probe, 1, 'EX', failure.pause)
return opened
