from django.http import HttpRequest, HttpResponse

from newsroom.problems import not_found as problem


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, exception)
