"""The pages beside the API: its description, for programs and for people, and its problem types."""

from functools import cache
from typing import Any

from django.http import Http404
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from config.api import schema  # noqa: F401  (tells drf-spectacular about tokens)
from config.api.problem_types import TYPES


@cache
def _description() -> dict[str, Any]:
    generator: Any = SchemaGenerator
    described: dict[str, Any] = generator().get_schema(request=None, public=True)
    return described


class DescribedOnce(SchemaGenerator):
    """The description is the same for everyone, and takes a second to write: once a process."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002
        """Return the whole description."""
        return _description()


class Schema(SpectacularAPIView):
    """The OpenAPI description, in YAML or, with `?format=json`, in JSON. Open to everyone."""

    authentication_classes = ()
    generator_class = DescribedOnce


class Docs(TemplateView):
    """The description as a page to read and to try things out on."""

    template_name = "api/docs.html"


class ProblemTypes(TemplateView):
    """What each type of problem means: the page that a problem's `type` leads to."""

    template_name = "api/problems.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the type asked for, or all. Raises Http404."""
        code = kwargs.get("code")
        if code is not None and code not in TYPES:
            raise Http404
        types = [TYPES[code]] if code else list(TYPES.values())
        return super().get_context_data(types=types, **kwargs)


class Nowhere(APIView):
    """Every other address under /api/, whatever the method."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer 404: there is nothing to have a method."""
        raise NotFound
