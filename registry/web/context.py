"""What every page's frame needs."""


def page_frame(request):
    return {}
