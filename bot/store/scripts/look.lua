-- How a ticket stands: whether its product is there, its result, whether it is pending, live workers.
-- KEYS: pending, result, workers, product ('' when the job leaves none)
-- ARGV: id
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local made = KEYS[4] ~= '' and redis.call('EXISTS', KEYS[4]) or 0
local expiry = redis.call('ZSCORE', KEYS[1], ARGV[1])
local pending = expiry and tonumber(expiry) > now and 1 or 0
local workers = redis.call('ZCOUNT', KEYS[3], now, '+inf')
return {made, redis.call('GET', KEYS[2]), pending, workers}
