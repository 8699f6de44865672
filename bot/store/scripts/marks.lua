-- A member's adds and votes, the oldest first; those an earlier version kept are brought over once.
-- KEYS: marks, likes (artist to weight, without time or origin)
-- ARGV: the time now, in seconds
local earlier = redis.call('HGETALL', KEYS[2])
for at = 1, #earlier, 2 do
    local kind = tonumber(earlier[at + 1]) > 0 and 'liked' or 'down'
    redis.call('ZADD', KEYS[1], 'NX', ARGV[1], kind .. ':' .. earlier[at])
end
if #earlier > 0 then
    redis.call('DEL', KEYS[2])
end
return redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
