"""Rates of return of cash flows in columns: periodic IRR, yields at given times, present values.

A rate is found as y = ln(1 + rate), on h(y) = ln(inflows' value) - ln(outflows' value). Newton's
method on h needs three or four steps where it needs many on the polynomial, because h is almost
a straight line. With one change of sign in time order the root exists and is the only one
(Descartes); h then falls monotonically and is bracketed. With several changes all roots in a
wide range are located and one is chosen as XIRR does, by Newton's method from a guess.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .valuing import by_gaps, even_step, horner

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

GUESS = 0.1  # the default guess of XIRR and IRR in spreadsheets
CHUNK = 4096  # columns worked on at a time, so that a block of rows stays in the cache
STEPS = 60
SETTLED = 3e-8  # convergence is quadratic: a step this small leaves an error below rounding
RESIDUAL = 1e-9  # a root must balance inflows and outflows to this share of their value
GRID = 4001  # points scanned for the roots of columns with several changes of sign


def irr_columns(flows: ArrayLike, *, guess: float | None = None) -> Floats:
    """Give each column's periodic internal rate of return.

    `flows` is (periods, columns): row 0 is now, row k is k periods later; either side's sign.
    The rate is per period, as a fraction, and may be negative (above -1). A column without
    a solution is NaN. With several roots the one that Newton's method reaches from `guess` is
    given: 10 % by default, -10 % where the side that pays first gets less back.
    """
    table = _table(flows)
    return _rates(_solve(table, np.arange(len(table), dtype=np.float64), None, guess))


def yield_columns(
    flows: ArrayLike,
    times: ArrayLike,
    *,
    parts: ArrayLike | None = None,
    guess: float | None = None,
) -> Floats:
    """Give each column's rate per unit of time, for flows at the same `times` in every column.

    A flow at time t is discounted by (1 + rate)^-t, and by 1/(1 + part x rate) besides where
    `parts` (each at least 0 and below 1) gives a fraction of a period at simple interest, as in
    Regulation Z, Appendix J (b)(8). Times need not be in order. NaN where there is no solution.
    """
    table, whole, part = _in_order(_table(flows), times, parts)
    return _rates(_solve(table, whole, part, guess))


def yields_apart(flows: ArrayLike, times: ArrayLike) -> Floats:
    """Give each column's rate per unit of time, for flows at times of its own; both are tables.

    Times ascend in every column. NaN where there is no solution.
    """
    table, whole = _table(flows), _table(times)
    log_rates = np.full(table.shape[1], np.nan)
    plain = np.flatnonzero(_one_outlay(table))
    for start in range(0, plain.size, CHUNK):
        some = plain[start : start + CHUNK]
        log_rates[some] = _newton_apart(table[:, some], whole[:, some])
    found = _rates(log_rates)
    for column in np.flatnonzero(np.isnan(log_rates)):
        found[column] = yield_columns(table[:, column], whole[:, column])[0]
    return found


def irr_level(
    outlay: ArrayLike, payment: ArrayLike, last: ArrayLike, periods: ArrayLike, deferral: ArrayLike
) -> Floats:
    """Give the periodic IRR of plans with equal payments, in closed form.

    The outlay stands at 0, nothing is paid during `deferral` periods, then follow
    `periods` - 1 times `payment` and once `last`. All five broadcast. Amounts are not negative;
    NaN where the outlay or the sum paid is zero, or where a plan has no period.
    """
    arrays = np.broadcast_arrays(outlay, payment, last, periods, deferral)
    shape = arrays[0].shape
    columns = [np.ascontiguousarray(each, dtype=np.float64).reshape(-1) for each in arrays]
    rates = np.empty(columns[0].size)
    for start in range(0, rates.size, CHUNK):
        rates[start : start + CHUNK] = _level_block(*(c[start : start + CHUNK] for c in columns))
    return rates.reshape(shape)


def npv_columns(flows: ArrayLike, factors: ArrayLike) -> Floats:
    """Give each column's present value: the sum over rows of flow x discount factor.

    `factors` is (periods,) for all columns or (periods, columns) for each its own.
    """
    table, weights = _table(flows), np.asarray(factors, dtype=np.float64)
    value: Floats = weights @ table if weights.ndim == 1 else (weights * table).sum(axis=0)
    return value


def discount_factors(rate: ArrayLike, times: ArrayLike) -> Floats:
    """Give (1 + rate)^-t: (times,) for one rate, (times, columns) for a rate per column."""
    growth = np.log1p(np.asarray(rate, dtype=np.float64))
    return np.exp(-np.multiply.outer(np.asarray(times, dtype=np.float64), growth))


def _rates(log_rates: Floats) -> Floats:
    """Give the rates, NaN where one is too large for a number."""
    with np.errstate(over="ignore"):
        rates = np.expm1(log_rates)
    return np.where(np.isfinite(rates), rates, np.nan)


def _table(flows: ArrayLike) -> Floats:
    table = np.asarray(flows, dtype=np.float64)
    return table[:, None] if table.ndim == 1 else table


def _in_order(
    table: Floats, times: ArrayLike, parts: ArrayLike | None
) -> tuple[Floats, Floats, Floats | None]:
    """Sort rows by time and add up rows of one time, so that changes of sign can be counted."""
    whole = np.asarray(times, dtype=np.float64)
    part = np.zeros_like(whole) if parts is None else np.asarray(parts, dtype=np.float64)
    if (np.diff(whole + part) > 0).all():
        return table, whole, part if part.any() else None
    keys, place = np.unique(np.stack([whole + part, whole, part]), axis=1, return_inverse=True)
    merged = np.zeros((keys.shape[1], table.shape[1]))
    np.add.at(merged, place.reshape(-1), table)
    return merged, keys[1], keys[2] if keys[2].any() else None


def _one_outlay(block: Floats) -> Flags:
    """Say which columns have their only outlay (or receipt) in row 0 and something after it."""
    if len(block) < 2:
        return np.zeros(block.shape[1], dtype=np.bool_)
    low, high, first = block[1:].min(axis=0), block[1:].max(axis=0), block[0]
    lent: Flags = (first < 0) & (low >= 0) & (high > 0) & np.isfinite(high)
    lent |= (first > 0) & (high <= 0) & (low < 0) & np.isfinite(low)
    return lent


def _newton(block: Floats, times: Floats) -> Floats:
    """Solve columns of one outlay by Newton's method on h.

    h is convex and falling here, so that every start converges. NaN where powers overflow.
    """
    outlay, rest, later = -block[0], block[1:], times[1:] - times[0]
    step_length = even_step(later)
    spots, valued = (later / step_length, horner) if step_length else (later, by_gaps(later))
    with np.errstate(all="ignore"):
        log_rate = _first_guess(outlay, np.stack([spots**0, spots, spots**2]) @ rest)
        for _ in range(STEPS):
            value, duration = valued(rest, spots, log_rate)
            step = np.log(value / outlay) - (spots[0] - 1.0) * log_rate * (valued is horner)
            step /= duration
            log_rate += step
            if not np.abs(step).max(initial=0.0) > SETTLED:
                break
    return np.where(np.abs(step) <= SETTLED, log_rate, np.nan) / (step_length or 1.0)


def _newton_apart(block: Floats, times: Floats) -> Floats:
    """Do the same where every column has times of its own."""
    outlay, rest, later = -block[0], block[1:], times[1:] - times[0]
    with np.errstate(all="ignore"):
        moments = np.stack([(later**power * rest).sum(axis=0) for power in range(3)])
        log_rate = _first_guess(outlay, moments)
        for _ in range(STEPS):
            weights = np.exp(-later * log_rate) * rest
            value = weights.sum(axis=0)
            step = np.log(value / outlay) * value / (later * weights).sum(axis=0)
            log_rate += step
            if not np.abs(step).max(initial=0.0) > SETTLED:
                break
    return np.where(np.abs(step) <= SETTLED, log_rate, np.nan)


def _first_guess(outlay: Floats, moments: Floats) -> Floats:
    """Step from a rate of zero: ln(total/outlay) over the mean duration, bent by the variance.

    The bend is cut where the step is long: it must not start Newton's method far out.
    """
    total, first, second = moments
    duration = first / total
    excess = np.log(total / outlay)
    bend = np.clip((second / first / duration - 1.0) / 2.0, 0.0, 0.5 / (1.0 + np.abs(excess)))
    guess: Floats = excess * (1.0 + bend * excess) / duration
    return guess


def _level_block(
    outlay: Floats, payment: Floats, last: Floats, periods: Floats, deferral: Floats
) -> Floats:
    equal, end = periods - 1.0, periods + deferral
    with np.errstate(all="ignore"):
        total = equal * payment + last
        moment = payment * equal * (deferral + periods / 2.0) + last * end
        log_rate = np.log(total / outlay) / (moment / total)
        good = (outlay > 0) & (total > 0) & (periods >= 1) & np.isfinite(log_rate)
        log_rate = np.where(good, log_rate, 0.0)
        for _ in range(STEPS):
            step = _level_step(log_rate, (outlay, payment, last, equal, deferral))
            log_rate += np.where(good, step, 0.0)
            if not np.abs(step[good]).max(initial=0.0) > SETTLED:
                break
    return np.where(good & (np.abs(step) <= SETTLED), np.expm1(log_rate), np.nan)


def _level_step(log_rate: Floats, plan: tuple[Floats, Floats, Floats, Floats, Floats]) -> Floats:
    """Give Newton's step on ln(value/outlay), values taken at the end of the deferral.

    The annuity factor is (1 - v^m)/r. Its slope loses digits near r = 0, where its limit serves:
    that changes the speed, never the root.
    """
    outlay, payment, last, equal, deferral = plan
    flat = np.abs(log_rate) < 1e-6
    rate = np.where(flat, 1.0, np.expm1(log_rate))
    shrink = np.expm1(-equal * log_rate)
    annuity = np.where(flat, equal * (1.0 - (equal + 1.0) / 2.0 * log_rate), -shrink / rate)
    tail = last * np.exp(-(equal + 1.0) * log_rate)
    value = payment * annuity + tail
    slope = (equal * (shrink + 1.0) - annuity * (rate + 1.0)) / rate
    slope = np.where(flat, -equal * (equal + 1.0) / 2.0, slope)
    duration = deferral + (tail * (equal + 1.0) - payment * slope) / value
    return (np.log(value / outlay) - deferral * log_rate) / duration


def _solve(table: Floats, whole: Floats, part: Floats | None, guess: float | None) -> Floats:
    """Give ln(1 + rate) of columns in time order, block by block."""
    log_rates = np.empty(table.shape[1])
    for start in range(0, table.shape[1], CHUNK):
        block = table[:, start : start + CHUNK]
        log_rates[start : start + CHUNK] = _solve_block(block, whole, part, guess)
    return log_rates


def _solve_block(block: Floats, whole: Floats, part: Floats | None, guess: float | None) -> Floats:
    """Choose the method by shape: one outlay, one change of sign, several changes."""
    log_rates = np.full(block.shape[1], np.nan)
    plain = _one_outlay(block) & (part is None)
    if plain.all():
        log_rates = _newton(block, whole)
    elif plain.any():
        log_rates[plain] = _newton(block[:, plain], whole)
    open_still = np.flatnonzero(~np.isfinite(log_rates))
    if not open_still.size:
        return log_rates
    changes = _sign_changes(block[:, open_still])
    single = open_still[changes == 1]
    if single.size:
        log_rates[single] = _crossing(block[:, single], whole, part)
    for column in open_still[changes > 1]:
        log_rates[column] = _chosen_root(block[:, column], whole, part, guess)
    return log_rates


def _sign_changes(block: Floats) -> NDArray[np.int64]:
    changes = np.zeros(block.shape[1], dtype=np.int64)
    before = np.zeros(block.shape[1])
    for signs in np.sign(block):
        changes += signs * before < 0
        before = np.where(signs == 0, before, signs)
    return np.where(np.isfinite(block).all(axis=0), changes, 0)


def _log_discount(log_rate: Floats, whole: Floats, part: Floats | None) -> tuple[Floats, Floats]:
    """Give the logs of the discount factors and their slopes in y, both (times, rates)."""
    logs = -np.multiply.outer(whole, log_rate)
    slopes = np.broadcast_to(-whole[:, None], logs.shape)
    if part is None:
        return logs, slopes
    share, rate = part[:, None], np.expm1(log_rate)
    logs -= np.log1p(share * rate)
    return logs, slopes - share * (1.0 + rate) / (1.0 + share * rate)


def _crossing(block: Floats, whole: Floats, part: Floats | None) -> Floats:
    """Solve columns with one change of sign: Newton's method on h, kept inside its bracket.

    NaN where h levels off, as it can if all flows lie within one period of simple interest.
    """
    later = np.where(_last_sign(block) > 0, block, -block)
    log_rate = np.zeros(block.shape[1])
    low, high = np.full_like(log_rate, -np.inf), np.full_like(log_rate, np.inf)
    step = np.full_like(log_rate, np.inf)
    with np.errstate(all="ignore"):
        for _ in range(4 * STEPS):
            excess, slope = _excess(later, log_rate, whole, part)
            low, high = np.where(excess >= 0, log_rate, low), np.where(excess <= 0, log_rate, high)
            following = log_rate - excess / slope
            outside = (following < low) | (following > high)
            following = np.where(outside, (low + high) / 2.0, following)
            step, log_rate = np.abs(following - log_rate), following
            if not (step > SETTLED * np.maximum(1.0, np.abs(log_rate))).any():
                break
    return np.where(step <= SETTLED * np.maximum(1.0, np.abs(log_rate)), log_rate, np.nan)


def _last_sign(block: Floats) -> Floats:
    last = len(block) - 1 - np.argmax(block[::-1] != 0, axis=0)
    signs: Floats = np.sign(block[last, np.arange(block.shape[1])])
    return signs


def _excess(
    later: Floats, log_rate: Floats, whole: Floats, part: Floats | None
) -> tuple[Floats, Floats]:
    """Give h and its slope: each side's sum is taken relative to its largest term."""
    logs, slopes = _log_discount(log_rate, whole, part)
    with np.errstate(divide="ignore"):
        terms = np.log(np.abs(later)) + logs
    paid, drawn = _side(terms, slopes, later > 0), _side(terms, slopes, later < 0)
    return paid[0] - drawn[0], paid[1] - drawn[1]


def _side(terms: Floats, slopes: Floats, mask: Flags) -> tuple[Floats, Floats]:
    own = np.where(mask, terms, -np.inf)
    top = own.max(axis=0)
    weights = np.exp(own - top)
    total = weights.sum(axis=0)
    return top + np.log(total), (weights * slopes).sum(axis=0) / total


def _chosen_root(flows: Floats, whole: Floats, part: Floats | None, guess: float | None) -> float:
    """Choose among several roots as spreadsheets do: where Newton's method ends from the guess.

    If it ends nowhere, the root nearest to the guess in ln(1 + rate).
    """
    used = np.flatnonzero(flows)
    flows, whole, part = flows[used], whole[used], None if part is None else part[used]
    roots = _roots(flows, whole, part)
    if guess is None:
        guess = GUESS if flows[0] * flows.sum() <= 0 else -GUESS
    end = _newton_from(guess, flows, whole, part)
    reached = [root for root in roots if abs(root - end) <= 1e-6]
    start = float(np.log1p(guess))
    return min(reached or roots, key=lambda root: abs(root - start), default=np.nan)


def _newton_from(guess: float, flows: Floats, whole: Floats, part: Floats | None) -> float:
    """Follow Newton's method in the rate itself; NaN if it leaves the range or does not end."""
    rate = guess
    for _ in range(STEPS):
        logs, slopes = _log_discount(np.log1p(np.array([rate])), whole, part)
        with np.errstate(all="ignore"):
            terms = flows * np.exp(logs[:, 0])
            step = float(terms.sum() / (terms @ slopes[:, 0]) * (1.0 + rate))
        rate -= step
        if not -1.0 < rate < np.inf:
            return np.nan
        if abs(step) <= SETTLED * (1.0 + rate):
            return float(np.log1p(rate))
    return np.nan


def _roots(flows: Floats, whole: Floats, part: Floats | None) -> list[float]:
    """Find the sign changes of the present value on a wide grid, and refine each.

    The grid reaches to e^±8 per mean interval and is finest near a rate of zero.
    """
    reach = 8.0 * (whole.size - 1) / max(whole[-1] - whole[0], 1e-9)
    shape = np.linspace(-1.0, 1.0, GRID)
    grid = reach * np.sinh(6.0 * shape) / np.sinh(6.0)
    signs = np.sign(_balance(flows, grid, whole, part))
    brackets = np.flatnonzero(signs[:-1] * signs[1:] <= 0)
    roots = {_bisect(flows, grid[b : b + 2], whole, part) for b in brackets}
    return [r for r in roots if abs(_balance(flows, np.array([r]), whole, part)[0]) <= RESIDUAL]


def _balance(flows: Floats, log_rate: Floats, whole: Floats, part: Floats | None) -> Floats:
    """Give the present value as a share of the sum of the flows' absolute values."""
    logs, _ = _log_discount(log_rate, whole, part)
    weights = np.exp(logs - logs.max(axis=0))
    share: Floats = (flows @ weights) / (np.abs(flows) @ weights)
    return share


def _bisect(flows: Floats, ends: Floats, whole: Floats, part: Floats | None) -> float:
    """Narrow a bracket to the last bit by cutting it into 64 parts at a time."""
    low, high = float(ends[0]), float(ends[1])
    for _ in range(10):
        points = np.linspace(low, high, 65)
        signs = np.sign(_balance(flows, points, whole, part))
        crossing = np.flatnonzero(signs[:-1] * signs[1:] <= 0)
        if not crossing.size:
            break
        low, high = float(points[crossing[0]]), float(points[crossing[0] + 1])
    return (low + high) / 2.0
