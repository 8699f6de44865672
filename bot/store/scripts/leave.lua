-- Gives up the lead if it is still one's own.
-- KEYS: leader
-- ARGV: id
if redis.call('GET', KEYS[1]) == ARGV[1] then
    redis.call('DEL', KEYS[1])
end
