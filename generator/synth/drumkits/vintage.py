"""Three kits that style files have known from the start: gated, machine and dusty."""

from __future__ import annotations

from typing import Final

from generator import score as gm
from generator.synth import drums
from generator.synth.drumkits.drum import Drum, Drums
from generator.synth.drumkits.latin import LATIN

GATED: Final[Drums] = LATIN | {
    gm.KICK: Drum("kick", drums.gated_kick, 0.0),
    gm.SNARE: Drum("snare", drums.gated_snare, -0.5),
    gm.OTHER_SNARE: Drum("other_snare", drums.machine_snare, -1.5),
    gm.CLOSED_HAT: Drum("hat", drums.hat(0.12, 0.028, 6500.0, 13_000.0, 0.5), -11.0),
    gm.PEDAL_HAT: Drum("hat", drums.hat(0.1, 0.02, 6000.0, 11_000.0, 0.5), -13.0),
    gm.OPEN_HAT: Drum("open_hat", drums.hat(0.5, 0.13, 6500.0, 13_000.0, 0.55), -12.0),
    gm.LOW_TOM: Drum("tom", drums.tom(92.0, 0.45, 0.17, 5000.0), -2.0),
    gm.MID_TOM: Drum("tom", drums.tom(124.0, 0.0, 0.16, 5000.0), -2.0),
    gm.HIGH_TOM: Drum("tom", drums.tom(166.0, -0.45, 0.15, 5000.0), -2.0),
    gm.CRASH: Drum("crash", drums.cymbal(1.9, 0.5, 3800.0, 0.1), -9.0, takes=1, mirrored=True),
    gm.SPLASH: Drum("splash", drums.cymbal(0.7, 0.16, 4800.0, 0.1), -10.0, takes=1, mirrored=True),
    gm.RIDE: Drum("ride", drums.cymbal(1.0, 0.28, 5200.0, 0.8), -14.0, takes=1, mirrored=True),
    gm.RIDE_BELL: Drum("bell", drums.cymbal(1.0, 0.24, 2600.0, 1.5), -12.0, takes=1, mirrored=True),
}

MACHINE: Final[Drums] = LATIN | {
    gm.KICK: Drum("kick", drums.machine_kick, 0.0),
    gm.SNARE: Drum("snare", drums.machine_snare, -3.0),
    gm.OTHER_SNARE: Drum("other_snare", drums.gated_snare, -3.0),
    gm.CLOSED_HAT: Drum("hat", drums.hat(0.1, 0.022, 7500.0, 14_000.0, 0.35), -9.0),
    gm.PEDAL_HAT: Drum("hat", drums.hat(0.08, 0.016, 7000.0, 12_000.0, 0.35), -11.0),
    gm.OPEN_HAT: Drum("open_hat", drums.hat(0.45, 0.11, 7000.0, 14_000.0, 0.4), -9.0),
    gm.LOW_TOM: Drum("tom", drums.tom(88.0, 0.35, 0.14, 3500.0), -4.0),
    gm.MID_TOM: Drum("tom", drums.tom(118.0, 0.0, 0.13, 3500.0), -4.0),
    gm.HIGH_TOM: Drum("tom", drums.tom(158.0, -0.35, 0.12, 3500.0), -4.0),
    gm.CRASH: Drum("crash", drums.cymbal(1.7, 0.45, 4200.0, 0.1), -10.0, takes=1, mirrored=True),
    gm.SPLASH: Drum("splash", drums.cymbal(0.6, 0.14, 5200.0, 0.1), -11.0, takes=1, mirrored=True),
    gm.RIDE: Drum("ride", drums.cymbal(0.8, 0.22, 6000.0, 1.0), -13.0, takes=1, mirrored=True),
    gm.RIDE_BELL: Drum("bell", drums.cymbal(0.8, 0.2, 2800.0, 1.6), -11.0, takes=1, mirrored=True),
}

DUSTY: Final[Drums] = LATIN | {
    gm.KICK: Drum("kick", drums.dusty_kick, 0.0),
    gm.SNARE: Drum("snare", drums.dusty_snare, -2.0),
    gm.OTHER_SNARE: Drum("other_snare", drums.side_stick, -4.0),
    gm.CLOSED_HAT: Drum("hat", drums.hat(0.09, 0.02, 4800.0, 8500.0, 0.75), -13.0),
    gm.PEDAL_HAT: Drum("hat", drums.hat(0.07, 0.014, 4500.0, 7500.0, 0.75), -15.0),
    gm.OPEN_HAT: Drum("open_hat", drums.hat(0.4, 0.09, 4800.0, 8500.0, 0.7), -14.0),
    gm.LOW_TOM: Drum("tom", drums.tom(96.0, 0.25, 0.13, 2200.0), -5.0),
    gm.MID_TOM: Drum("tom", drums.tom(130.0, 0.0, 0.12, 2200.0), -5.0),
    gm.HIGH_TOM: Drum("tom", drums.tom(170.0, -0.25, 0.11, 2200.0), -5.0),
    gm.CRASH: Drum("crash", drums.cymbal(1.5, 0.4, 3200.0, 0.1), -13.0, takes=1, mirrored=True),
    gm.SPLASH: Drum("splash", drums.cymbal(0.6, 0.13, 3800.0, 0.1), -13.0, takes=1, mirrored=True),
    gm.RIDE: Drum("ride", drums.cymbal(0.8, 0.2, 4500.0, 0.9), -15.0, takes=1, mirrored=True),
    gm.RIDE_BELL: Drum("bell", drums.cymbal(0.8, 0.18, 2300.0, 1.4), -13.0, takes=1, mirrored=True),
}
