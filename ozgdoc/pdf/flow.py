"""From pieces to pages: who stands where. Nothing is drawn here.

A sheet is a sequence of parts. A stack runs down the page in full width; columns fill side by side and are balanced
where they end; notes sit at the foot of the page on which they end. Distances are points, ``top`` counts from the
page's bottom.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ozgdoc.pdf.tagging import Sheet

#: Pieces of a section stay in one column if the columns then differ by no more than this.
_UNEVEN = 1.35


class Piece(ABC):
    """The smallest part of a sheet that is placed as a whole.

    Attributes:
        before: space above it, left out at the top of a column.
        keep: it must not be the last one in its column.
        starts: it begins a section, so a column may well begin with it.
    """

    before: float = 0
    keep: bool = False
    starts: bool = False

    @abstractmethod
    def height(self, pitch: float) -> float:
        """Return its height; ``pitch`` is the least height of a checkpoint's row."""

    @abstractmethod
    def draw(self, sheet: Sheet, left: float, top: float, pitch: float) -> None:
        """Draw it with its top left corner at this place."""

    def split(self, room: float, pitch: float) -> tuple[Piece, Piece] | None:
        """Return what fits into the room and the rest, or None if it can't be divided."""
        return None

    def continued(self) -> Piece | None:
        """Return what is repeated above it where a column begins with it."""
        return None


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces that belong together.

    Attributes:
        count: columns; 1 is a stack in full width.
        foot: stands at the foot of the page, beside the code in the corner.
        gap: space between columns.
    """

    pieces: tuple[Piece, ...]
    width: float
    count: int = 1
    gap: float = 0
    foot: bool = False
    before: float = 0

    @property
    def column(self) -> float:
        """Width of one column."""
        return (self.width - self.gap * (self.count - 1)) / self.count


@dataclass(frozen=True, slots=True)
class Area:
    """Where the body of a page may stand; ``foot_bottom`` is how deep notes may reach."""

    left: float
    top: float
    bottom: float
    foot_bottom: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece in its place."""

    piece: Piece
    page: int
    left: float
    top: float


@dataclass
class Flow:
    """Places parts one after the other.

    Attributes:
        placed: the result, in reading order.
        page: number of the last page, from 0.
    """

    area: Area
    pitch: float
    placed: list[Placed] = field(default_factory=list)
    page: int = 0
    _y: float = 0
    _heights: dict[Piece, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._y = self.area.top

    def add(self, part: Part) -> None:
        """Place a part below what is there already."""
        bottom = self.area.foot_bottom if part.foot else self.area.bottom
        rest = part.pieces
        if self._y < self.area.top:
            self._y -= part.before
        while rest:
            room = self._y - bottom
            columns = self._balance(rest, part.count, room)
            if columns is None and part.foot and self._fits_on_fresh_page(rest, part) and self._y < self.area.top:
                self._turn()
                continue
            if columns is None:
                columns, rest = self._fill(rest, part.count, room, fresh=self._y == self.area.top)
            else:
                rest = ()
            if columns:
                depth = max(self._height(column) for column in columns)
                top = bottom + depth if part.foot and not rest else self._y
                for number, column in enumerate(columns):
                    self._place(column, self.area.left + number * (part.column + part.gap), top)
                self._y = top - depth
            if rest:
                self._turn()

    def _turn(self) -> None:
        self.page += 1
        self._y = self.area.top

    def _fits_on_fresh_page(self, pieces: Sequence[Piece], part: Part) -> bool:
        return self._balance(pieces, part.count, self.area.top - self.area.foot_bottom) is not None

    def _place(self, column: Sequence[Piece], left: float, top: float) -> None:
        for number, piece in enumerate(column):
            top -= piece.before if number else 0
            self.placed.append(Placed(piece, self.page, left, top))
            top -= self._height((piece,))

    def _height(self, pieces: Sequence[Piece], below: float = 0) -> float:
        """Return the height of a column of this height with some pieces added to it."""
        for piece in pieces:
            height = self._heights.get(piece)
            if height is None:
                height = self._heights[piece] = piece.height(self.pitch)
            below += height + (piece.before if below else 0)
        return below

    def _balance(self, pieces: Sequence[Piece], count: int, room: float) -> list[list[Piece]] | None:
        """Return all pieces in columns as even as may be, or None if the room is too small."""
        even = self._least(pieces, count, room, whole=False)
        if even is None:
            return None
        limit = min(room, _UNEVEN * max(self._height(column) for column in even))
        return self._least(pieces, count, limit, whole=True) or even

    def _least(self, pieces: Sequence[Piece], count: int, room: float, *, whole: bool) -> list[list[Piece]] | None:
        """Return all pieces in the lowest columns that hold them, or None if none within the room does."""
        found = self._columns(pieces, count, room, whole=whole)
        low, high = 0.0, room
        while found and high - low > 0.5:
            middle = (low + high) / 2
            if lower := self._columns(pieces, count, middle, whole=whole):
                found, high = lower, middle
            else:
                low = middle
        return found

    def _columns(self, pieces: Sequence[Piece], count: int, room: float, *, whole: bool) -> list[list[Piece]] | None:
        """Distribute all pieces to columns of a height; ``whole`` breaks between sections only."""
        columns: list[list[Piece]] = []
        used = room + 1  # there is no column yet
        for run in _runs(pieces, whole=whole):
            extended = self._height(run, used)
            if extended > room:
                opened = _opened(run)
                columns.append(list(opened))
                used = self._height(opened)
                if len(columns) > count or used > room:
                    return None
            else:
                columns[-1].extend(run)
                used = extended
        return columns

    def _fill(
        self, pieces: Sequence[Piece], count: int, room: float, *, fresh: bool
    ) -> tuple[list[list[Piece]], tuple[Piece, ...]]:
        """Fill columns of a height from the top; return them and what is left over."""
        columns: list[list[Piece]] = []
        rest = list(pieces)
        while rest and len(columns) < count:
            column: list[Piece] = []
            used = 0.0
            while rest:
                run = next(_runs(rest, whole=False))
                opened = run if column else _opened(run)
                extended = self._height(opened, used)
                if extended <= room:
                    column += opened
                    used = extended
                    del rest[: len(run)]
                    continue
                left_over = room - self._height(opened[:-1], used)
                if parts := run[-1].split(left_over, self.pitch):
                    column += [*opened[:-1], parts[0]]
                    rest[: len(run)] = [parts[1]]
                elif fresh and not column:
                    column += opened  # higher than a page and indivisible: better too long than lost
                    del rest[: len(run)]
                break
            if not column:
                break
            columns.append(column)
        return columns, tuple(rest)


def _runs(pieces: Sequence[Piece], *, whole: bool) -> Iterator[list[Piece]]:
    """Yield what must not be parted: headings with what follows them, or whole sections."""
    run: list[Piece] = []
    for piece in pieces:
        if run and (piece.starts if whole else not run[-1].keep):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _opened(run: list[Piece]) -> list[Piece]:
    """Return a run as it stands at the top of a column."""
    repeated = run[0].continued()
    return [repeated, *run] if repeated else run
