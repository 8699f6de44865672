-- Takes or renews the lead of a kind of job that runs once at a time.
-- KEYS: leader
-- ARGV: id, milliseconds
local leader = redis.call('GET', KEYS[1])
if leader and leader ~= ARGV[1] then
    return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
