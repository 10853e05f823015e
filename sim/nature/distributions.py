"""Probability distributions: their settings and their inverse CDF.

A distribution turns one uniform into one value, so that a changed distribution keeps its luck. In a
scenario it is a plain number (always this value) or a mapping with the name of one distribution::

    commissioning_days: 10
    commissioning_days: {triangular: {low: 2, mode: 10, high: 30}}

NumPy and SciPy are loaded only when a quantile is asked for: checking a scenario needs neither.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    Strict,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

Number = Annotated[float, Strict()]
Positive = Annotated[float, Strict(), Field(gt=0)]

_Z_80 = 0.8416212335729143  # standard normal quantile of 0.8
_PERT_WEIGHT = 4.0  # weight of the mode, Malcolm et al. 1959


class Settings(BaseModel):
    """Settings of one distribution: frozen, and without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


class Uniform(Settings):
    """Every value between two bounds is as likely as any other."""

    low: Number
    """Smallest value."""
    high: Number
    """Largest value."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        return _ordered(self, ("low", self.low), ("high", self.high))

    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return self.low, self.high

    def quantile(self, u: Floats) -> Floats:
        """Inverse CDF [same unit as the bounds]."""
        return self.low + u * (self.high - self.low)


class ThreePoint(Settings):
    """Two bounds and a most likely value."""

    low: Number
    """Smallest value."""
    mode: Number
    """Most likely value."""
    high: Number
    """Largest value."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        return _ordered(self, ("low", self.low), ("mode", self.mode), ("high", self.high))

    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return self.low, self.high


class Triangular(ThreePoint):
    """A most likely value between two bounds; the density falls linearly to both."""

    def quantile(self, u: Floats) -> Floats:
        """Inverse CDF [same unit as the bounds]."""
        import numpy as np

        width = self.high - self.low
        if width == 0:
            return np.full_like(u, self.low)
        rising = self.low + np.sqrt(u * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - u) * width * (self.high - self.mode))
        return np.where(u < (self.mode - self.low) / width, rising, falling)


class Pert(ThreePoint):
    """A smooth relative of the triangular distribution: a Beta scaled to the bounds.

    The mode weighs four times as much as a bound (Malcolm et al. 1959).
    """

    def quantile(self, u: Floats) -> Floats:
        """Inverse CDF [same unit as the bounds]."""
        import numpy as np
        from scipy.special import betaincinv

        width = self.high - self.low
        if width == 0:
            return np.full_like(u, self.low)
        a = 1 + _PERT_WEIGHT * (self.mode - self.low) / width
        b = 1 + _PERT_WEIGHT * (self.high - self.mode) / width
        return self.low + width * betaincinv(a, b, u)


class Lognormal(Settings):
    """A positive value whose logarithm is normal.

    Give the median and one measure of spread: ``sigma`` or ``p80``.
    """

    median: Positive
    """Half of the values lie below."""
    sigma: Annotated[float, Strict(), Field(ge=0)] | None = None
    """Standard deviation of the natural logarithm [-]."""
    p80: Positive | None = None
    """Four in five values lie below; an alternative to ``sigma``."""

    @model_validator(mode="after")
    def _one_spread(self) -> Self:
        if (self.sigma is None) == (self.p80 is None):
            raise PydanticCustomError(
                "spread", "give the spread once: either `sigma` or `p80`, beside `median`"
            )
        if self.p80 is not None and self.p80 < self.median:
            raise PydanticCustomError("order", "`p80` must not lie below `median`")
        return self

    @property
    def log_sigma(self) -> float:
        """Standard deviation of the natural logarithm [-]."""
        if self.sigma is not None:
            return self.sigma
        assert self.p80 is not None
        return math.log(self.p80 / self.median) / _Z_80

    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return 0.0, math.inf

    def quantile(self, u: Floats) -> Floats:
        """Inverse CDF [same unit as the median]."""
        import numpy as np
        from scipy.special import ndtri

        return self.median * np.exp(self.log_sigma * ndtri(u))


class Weibull(Settings):
    """Time to failure with a hazard that falls (shape < 1), stays or rises (shape > 1)."""

    shape: Positive
    """Shape [-]."""
    scale: Positive
    """Scale: 63.2 percent of the values lie below."""

    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return 0.0, math.inf

    def quantile(self, u: Floats) -> Floats:
        """Inverse CDF [same unit as the scale]."""
        import numpy as np

        return np.asarray(self.scale * (-np.log1p(-u)) ** (1 / self.shape))


class Exponential(Settings):
    """Time to an event that comes with a constant hazard."""

    mean: Positive
    """Mean value."""

    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return 0.0, math.inf

    def quantile(self, u: Floats) -> Floats:
        """Inverse CDF [same unit as the mean]."""
        import numpy as np

        return -self.mean * np.log1p(-u)


class Beta(Settings):
    """A share between 0 and 1, or a value between two other bounds."""

    a: Positive
    """First shape: prior successes plus successes seen [-]."""
    b: Positive
    """Second shape: prior failures plus failures seen [-]."""
    low: Number = 0.0
    """Smallest value."""
    high: Number = 1.0
    """Largest value."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        return _ordered(self, ("low", self.low), ("high", self.high))

    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return self.low, self.high

    def quantile(self, u: Floats) -> Floats:
        """Inverse CDF [same unit as the bounds]."""
        from scipy.special import betaincinv

        values: Floats = self.low + (self.high - self.low) * betaincinv(self.a, self.b, u)
        return values


class Empirical(Settings):
    """One of the listed values, each as likely as any other."""

    values: Annotated[tuple[Number, ...], Field(min_length=1)]
    """Observed values; a value listed twice is twice as likely."""

    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        return min(self.values), max(self.values)

    def quantile(self, u: Floats) -> Floats:
        """Inverse CDF [same unit as the values]."""
        import numpy as np

        ranked: Floats = np.sort(np.asarray(self.values, dtype=float))
        return np.asarray(ranked[(u * len(ranked)).astype(int)])


_Named = Uniform | Triangular | Pert | Lognormal | Weibull | Exponential | Beta | Empirical


class Distribution(Settings):
    """A plain number, or exactly one named distribution."""

    fixed: Number | None = None
    """Always this value. A plain number means the same."""
    uniform: Uniform | None = None
    """Any value between two bounds."""
    triangular: Triangular | None = None
    """Two bounds and a most likely value, joined by straight lines."""
    pert: Pert | None = None
    """Two bounds and a most likely value, smooth."""
    lognormal: Lognormal | None = None
    """A positive value with a long tail."""
    weibull: Weibull | None = None
    """A time to failure with a falling or rising hazard."""
    exponential: Exponential | None = None
    """A time to an event with constant hazard."""
    beta: Beta | None = None
    """A share."""
    empirical: Empirical | None = None
    """One of a list of observed values."""

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, data: Any) -> Any:
        if isinstance(data, (int, float)) and not isinstance(data, bool):
            return {"fixed": data}
        return data

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        named = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(named) != 1:
            found = " and ".join(f"`{name}`" for name in named) or "none"
            raise PydanticCustomError(
                "one_distribution",
                "name exactly one distribution here, found {found}",
                {"found": found},
            )
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Allow a plain number in editors, too."""
        return {"anyOf": [{"type": "number"}, handler(schema)]}

    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        if self.fixed is not None:
            return self.fixed, self.fixed
        return self._named().support()

    def quantile(self, u: Floats) -> Floats:
        """Turn uniforms into values.

        Args:
            u: uniforms strictly between 0 and 1, any shape [-].

        Returns:
            Values of the distribution, same shape.
        """
        if self.fixed is not None:
            import numpy as np

            return np.full_like(u, self.fixed)
        return self._named().quantile(u)

    def _named(self) -> _Named:
        names = (name for name in type(self).model_fields if name != "fixed")
        named: _Named = next(item for name in names if (item := getattr(self, name)) is not None)
        return named


S = TypeVar("S", bound=Settings)


def _ordered(settings: S, *bounds: tuple[str, float]) -> S:
    for (name, value), (next_name, next_value) in pairwise(bounds):
        if value > next_value:
            raise PydanticCustomError(
                "order",
                "`{name}` ({value}) must not be above `{next_name}` ({next_value})",
                {"name": name, "value": value, "next_name": next_name, "next_value": next_value},
            )
    return settings
