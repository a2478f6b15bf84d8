"""An address that takes a machine's token, for tests of who is let in; it tells who reads."""

from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config import urls
from reports.api.authentication import ExportToken, reader_of


class WhoReads(APIView):
    """Who reads, and what they may."""

    authentication_classes = [ExportToken]

    def get(self, request: Request) -> Response:
        """Say who reads, and what they may."""
        reader = reader_of(request)
        return Response(
            {
                "name": reader.name,
                "exports": sorted(reader.exports),
                "divisions": [division.code for division in reader.divisions],
                "own_words": reader.own_words,
                "machine": reader.token is not None,
            }
        )


handler403, handler404 = urls.handler403, urls.handler404
urlpatterns = [path("api/v1/who-reads/", WhoReads.as_view()), path("", include(urls))]
