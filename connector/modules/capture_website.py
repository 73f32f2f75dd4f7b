"""Capture a website."""

from connector.fields import Choice, Pairs, Select, Url
from connector.module import Action, BadExample
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_options, engine_settings, output_name
from connector.recipe import Job, Task


class CaptureWebsite(Action):
    """Turns a web page into a PDF, PNG or JPG file."""

    label = "Capture a Website"
    group = "Common tasks"
    scopes = ("task.read", "task.write")

    class Input(engine_settings("capture-website", "output_format"), JobForm):  # type: ignore[misc]
        section = "Capture options"
        position = 50

        url = Url("URL", required=True, help="The address of the web page.", example="https://example.com/")
        output_format = Select(
            "Output format",
            required=True,
            options=[Choice("pdf", "PDF"), Choice("png", "PNG"), Choice("jpg", "JPG")],
            help="What the page becomes: a document with pages, or a picture.",
            example="pdf",
        )
        file_name = output_name("website.pdf")
        headers = Pairs(
            "Headers",
            name_label="Key",
            add_label="Add a header",
            text_values=True,
            help="Request headers that are sent to the website, e.g. for authorization.",
        )
        engine_options = engine_options("capture-website", "output_format")

    Output = JobResult
    recipe = Job(
        Task(
            "capture-website",
            url="url",
            output_format="output_format",
            filename="file_name",
            headers="headers",
            options="engine_options",
            **ENGINE,
        ),
        inputs=None,
    )
    examples = [
        {"url": "https://example.com/page.html", "output_format": "png"},
        {
            "url": "https://example.com/page.html",
            "output_format": "pdf",
            "file_name": "page.pdf",
            "headers": [{"key": "Accept-Language", "value": "de"}],
            "engine_options": [{"name": "page_format", "value": "a4"}],
        },
    ]
    bad_examples = [
        BadExample({"url": "example.com", "output_format": "pdf"}, "url", "http:// or https://"),
        BadExample(
            {"url": "https://example.com", "output_format": "gif"}, "output_format", "must be one of pdf, png, jpg"
        ),
        BadExample(
            {"url": "https://example.com", "output_format": "pdf", "headers": {"X-A": "1\r\nHost: evil"}},
            "headers",
            "without line breaks",
        ),
    ]
