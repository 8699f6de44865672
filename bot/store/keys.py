"""Every key Nightjar keeps in Redis, with its owner and how long it stays.

| key | type | holds | kept |
|---|---|---|---|
| ``nightjar:clip:{id}:spec`` | string | the spec of a clip, JSON | 180 days from last use |
| ``nightjar:clip:{id}:files`` | hash | its files, name to bytes | 24 hours |
| ``nightjar:clip:{id}-stems{bits}:files`` | hash | its stems, one zip | 24 hours |
| ``nightjar:clip:shelf`` | sorted set | the clips that have files, with sizes, by time | 24 hours |
| ``nightjar:taste:members`` | set | members with listening, adds or votes | as long as they have |
| ``nightjar:taste:history:{member}`` | string | imported listening, one blob | until forgotten |
| ``nightjar:taste:sources:{member}`` | hash | imports by kind of file, JSON | until forgotten |
| ``nightjar:taste:marks:{member}`` | sorted set | adds and votes, by time | until taken back |
| ``nightjar:taste:likes:{member}`` | hash | adds and votes of a version before | until first read |
| ``nightjar:taste:shown:{member}`` | list | what was recommended of late, JSON | 2 days |
| ``nightjar:model:current`` | string | content hash of the model in use | until the next |
| ``nightjar:model:packed:{hash}`` | string | a model's files | 10 minutes after the next came |
| ``nightjar:training`` | hash | what asks for a training; how the last ended | until the next |
| ``nightjar:artist:queue`` | sorted set | artists to look up, by time | until it is done |
| ``nightjar:artist:tags`` | hash | artist's key to tags found | half a year; none: 3 weeks |
| ``nightjar:artist:leader`` | string | the process that looks artists up | 2 minutes |
| ``nightjar:answer:{id}`` | string | a recommendation card, JSON | 30 days |
| ``nightjar:answer:of:{member}`` | sorted set | the member's cards, by time | 30 days |
| ``nightjar:answer:indexed`` | string | that every card stands in the above | for ever |
| ``nightjar:erasure:wanted`` | string | that files may hold what was deleted | until done |
| ``nightjar:note:{name}`` | string | a small value of the program itself | for ever |
| ``nightjar:job:{kind}:pending`` | sorted set | tickets queued or running, by expiry | 15 minutes |
| ``nightjar:job:{kind}:next`` | string | the ticket not yet begun (training) | 15 minutes |
| ``nightjar:job:{kind}:leader`` | string | the ticket being worked on (training) | 10 seconds |
| ``nightjar:job:{kind}:workers`` | sorted set | live workers, by expiry | 1 minute |
| ``nightjar:job:{kind}:{id}:result`` | string | how a ticket ended, JSON | 15 minutes |
| ``nightjar:job:{kind}:{id}:starts`` | string | how often it was begun | 15 minutes |
| ``nightjar-queue:*`` | | dramatiq's own, database 1 where there is one | dead letters 7 days |

Channel ``nightjar:jobs`` carries what workers announce: progress and ends of tickets.
"""

from __future__ import annotations

from typing import Final

PREFIX: Final = "nightjar"
QUEUE_NAMESPACE: Final = "nightjar-queue"
CHANNEL: Final = f"{PREFIX}:jobs"

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


def key(*parts: str) -> str:
    """The key made of ``parts`` under Nightjar's prefix."""
    return ":".join((PREFIX, *parts))
