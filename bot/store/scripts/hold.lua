-- Holds a ticket that has been queued.
-- KEYS: pending
-- ARGV: id, milliseconds, seconds pending is kept
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('ZADD', KEYS[1], 'XX', 'GT', 'CH', now + ARGV[2], ARGV[1]) == 1 then
    redis.call('EXPIRE', KEYS[1], ARGV[3])
end
