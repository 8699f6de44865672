"""What is said when a file cannot be imported: one sentence each, with what to do instead.

No sentence repeats anything that was read from the file.
"""

from __future__ import annotations

from bot.errors import NothingFound, UserError

_MEGABYTE = 1024 * 1024
MAX_UPLOAD = 256 * _MEGABYTE

WHERE = "spotify.com/account/privacy"


def unknown_kind() -> UserError:
    return UserError(
        "This is neither a zip, a JSON nor a CSV file of plays; send the zip that Spotify gave you,"
        " unchanged, or a CSV with the columns artist, track and plays."
    )


def broken_zip() -> UserError:
    return UserError("This zip is damaged or cut off; download it again and send it unchanged.")


def encrypted_zip() -> UserError:
    return UserError("This zip is locked with a password; unpack it and send one without.")


def odd_zip() -> UserError:
    return UserError(
        "This zip is packed in a way I do not read; unpack it and pack it again as an ordinary zip."
    )


def bomb() -> UserError:
    return UserError(
        "This zip unpacks to far more than a listening history holds, so I stopped reading; send"
        " the zip that Spotify gave you, unchanged."
    )


def too_large() -> UserError:
    return UserError(
        f"This file is larger than I can read (up to {MAX_UPLOAD // _MEGABYTE} MB, and 2 million"
        " plays); send its JSON files one at a time."
    )


def wrong_package() -> UserError:
    return UserError(
        f'There is no listening history in this file: on {WHERE} ask for "Extended streaming'
        ' history" (or "Account data") and send the zip that arrives, unchanged.'
    )


def nothing_heard() -> NothingFound:
    return NothingFound(
        "This listening history holds no song played for at least 30 seconds, so there is nothing"
        f' to learn from; "Extended streaming history" on {WHERE} goes back to your first day.'
    )


def broken_json(where: str) -> UserError:
    return UserError(
        f"{where} is cut off or not valid JSON, so I took nothing from it; download the package"
        " again and send it unchanged."
    )


def several_people() -> UserError:
    return UserError(
        "This CSV holds the plays of several users; an import takes one person's, so keep one"
        " user's rows (nightjar train --plays reads all of them)."
    )


def broken_csv(where: str) -> UserError:
    return UserError(
        f"{where} is not readable as UTF-8 text with commas; save it as a UTF-8 CSV with the"
        " columns artist, track and plays."
    )


def csv_without_artists() -> UserError:
    return UserError(
        "The first line of a CSV names its columns, and one of them must be artist; write"
        " artist,track,plays there."
    )


def too_slow(seconds: float) -> UserError:
    return UserError(
        f"Reading this file took longer than {seconds:.0f} seconds, so I stopped; send its JSON"
        " files one at a time."
    )


def reader_failed() -> UserError:
    return UserError(
        "This file could not be read, and nothing was taken from it; send the zip that Spotify gave"
        " you, unchanged."
    )
