-- Joins the ticket that nobody has begun yet, or makes it.
-- KEYS: pending, next
-- ARGV: id of the ticket to make, milliseconds the claim holds until it is confirmed, seconds kept
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local waiting = redis.call('GET', KEYS[2])
if waiting and redis.call('ZSCORE', KEYS[1], waiting) then
    return waiting
end
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[3])
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return ARGV[1]
