"""What a module that runs a job hands on."""

from connector.fields import AnyValue, Array, Integer, Text, Timestamp, Url
from connector.forms import Fields


class JobResult(Fields):
    """The job, its first file in flat fields that are easy to map, and all of its files."""

    job_id = Text("Job ID", example="b2e4eb2b-a744-4da2-97cd-776d393532a8")
    status = Text("Status", help="waiting, processing, finished or error.", example="finished")
    tag = Text("Tag", help="The free text by which the job can be found again.", example="invoices-2026-11")
    file_name = Text("File name", help="Of the first file.", example="report.pdf")
    url = Url(
        "URL",
        help="Of the first file; needs no key and works for 24 hours.",
        example="https://storage.cloudconvert.com/tasks/1b7ccc22/report.pdf",
    )
    size = Integer("Size", unit="bytes", example=58210)
    files = Array(
        "Files",
        {
            "name": Text("File name", example="report.pdf"),
            "size": Integer("Size", unit="bytes", example=58210),
            "url": Url("URL", example="https://storage.cloudconvert.com/tasks/1b7ccc22/report.pdf"),
            "expires_at": Timestamp("URL expires at", example="2026-11-23T08:14:12+00:00"),
            "data": AnyValue("Data", help="The content, when the file was downloaded without a folder to put it in."),
            "path": Text(
                "Path", help="Where the file was saved, when it was downloaded into a folder.", example="out/report.pdf"
            ),
        },
        help="All files of the job.",
    )
    job = AnyValue("Job", help="The job as the API describes it, with all tasks.")
