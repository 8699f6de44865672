-- Takes a ticket for a job, unless it was made, is under way, or too many are.
-- KEYS: pending, result, product ('' when the job leaves none)
-- ARGV: id, most pending, milliseconds the claim holds until it is confirmed, seconds pending is kept
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if KEYS[3] ~= '' and redis.call('EXISTS', KEYS[3]) == 1 then
    return 'made'
end
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
    return 'pending'
end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
    return 'full'
end
redis.call('DEL', KEYS[2])
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 'claimed'
