-- Takes one mark back; a member of whom nothing else is held is one no longer.
-- KEYS: marks, history, members
-- ARGV: the mark, member
local taken = redis.call('ZREM', KEYS[1], ARGV[1])
if redis.call('EXISTS', KEYS[1], KEYS[2]) == 0 then
    redis.call('SREM', KEYS[3], ARGV[2])
end
return taken
