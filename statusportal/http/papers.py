"""Papers to print, as answers."""

from flask import Response


def pdf_answer(paper: bytes, name: str, status: int = 200) -> Response:
    """Hand a PDF over under a name of ours; a browser shows it, and keeps it nowhere."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(paper, status, headers, content_type="application/pdf")
