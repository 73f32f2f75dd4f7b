"""Written by `python -m tests.stubs` from the modules' declarations."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

from connector.hosts.airflow.actions import ModuleOperator

OPERATORS: dict[str, type[ModuleOperator]]

class AddWatermarkOperator(ModuleOperator):
    """Puts a text or an image on a PDF, an image or a video.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param input_format: The format of the input file. When it is left out, the file name's extension decides.
    :param text: What the watermark says; leave it empty to use an image.
    :param font_size: Of the text.
    :param font_color: Of the text, as #RRGGBB.
    :param font_name: Of the text, e.g. Arial or Times New Roman Bold.
    :param font_align: Of a text of several lines.
    :param image: A PNG, JPG or SVG file to use instead of a text.
    :param image_width: The width of the image on the file. In pixels.
    :param layer: Whether the watermark covers the content or lies behind it.
    :param position_vertical: Where on the page.
    :param position_horizontal: Where on the page.
    :param margin_vertical: The distance from the upper or lower edge.
    :param margin_horizontal: The distance from the left or right edge.
    :param opacity: 100 is fully visible. In percent.
    :param rotation: Turns the watermark. In degrees.
    :param pages: Pages of a PDF, e.g. 1,2,5-7; all when left out.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        input_format: str | None = ...,
        text: str | None = ...,
        font_size: int | str | None = ...,
        font_color: str | None = ...,
        font_name: str | None = ...,
        font_align: str | None = ...,
        image: str | PathLike[str] | Mapping[str, Any] | None = ...,
        image_width: int | str | None = ...,
        layer: str | None = ...,
        position_vertical: str | None = ...,
        position_horizontal: str | None = ...,
        margin_vertical: int | str | None = ...,
        margin_horizontal: int | str | None = ...,
        opacity: int | str | None = ...,
        rotation: int | str | None = ...,
        pages: str | None = ...,
        file_name: str | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class CaptureWebsiteOperator(ModuleOperator):
    """Turns a web page into a PDF, PNG or JPG file.

    :param url: The address of the web page.
    :param output_format: What the page becomes: a document with pages, or a picture.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param headers: Request headers that are sent to the website, e.g. for authorization.
    :param engine_options: Names and values as the formats and the engine know them, e.g. width 320 or quality 80.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        url: str,
        output_format: str,
        file_name: str | None = ...,
        headers: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = ...,
        engine_options: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class ConvertFileOperator(ModuleOperator):
    """Converts a file to another format.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param input_format: The format of the input file. When it is left out, the file name's extension decides.
    :param output_format: The format that the file becomes.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine_options: Names and values as the formats and the engine know them, e.g. width 320 or quality 80.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        output_format: str,
        input_format: str | None = ...,
        file_name: str | None = ...,
        engine_options: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class CreateThumbnailOperator(ModuleOperator):
    """Makes a small picture of an image, a document or a video.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param input_format: The format of the input file. When it is left out, the file name's extension decides.
    :param output_format: What the picture is.
    :param width: The width of the picture. In pixels.
    :param height: The height of the picture. In pixels.
    :param fit: How the picture is fitted into width and height.
    :param count: How many pictures, of a video or of several pages.
    :param timestamp: Where in a video the picture is taken, as hh:mm:ss.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine_options: Names and values as the formats and the engine know them, e.g. width 320 or quality 80.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        output_format: str,
        input_format: str | None = ...,
        width: int | str | None = ...,
        height: int | str | None = ...,
        fit: str | None = ...,
        count: int | str | None = ...,
        timestamp: str | None = ...,
        file_name: str | None = ...,
        engine_options: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class CreateArchiveOperator(ModuleOperator):
    """Packs files into one archive.

    :param input_files: The files to work on, in this order: each uploaded, mapped from an earlier module, or imported from a URL.
    :param output_format: The kind of archive.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine_options: Names and values as the formats and the engine know them, e.g. width 320 or quality 80.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_files: Sequence[str | PathLike[str] | Mapping[str, Any]] | str,
        output_format: str,
        file_name: str | None = ...,
        engine_options: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class ExecuteCommandOperator(ModuleOperator):
    """Runs FFmpeg, ImageMagick or GraphicsMagick with arguments of one's own.

    :param input_files: The files to work on, in this order: each uploaded, mapped from an earlier module, or imported from a URL.
    :param engine: The program.
    :param command: ffmpeg and ffprobe belong to FFmpeg, convert and identify to ImageMagick, gm to GraphicsMagick.
    :param arguments: Input files lie at /input/import-1/NAME, /input/import-2/NAME and so on; what is written to /output/ is the result.
    :param capture_output: Hand on what the command prints.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_files: Sequence[str | PathLike[str] | Mapping[str, Any]] | str,
        engine: str,
        command: str,
        arguments: str,
        capture_output: bool | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class MergeFilesOperator(ModuleOperator):
    """Merges at least two files into one PDF; files of other formats become PDF first.

    :param input_files: At least two files, in the order of the result: each uploaded, mapped from an earlier module, or imported from a URL.
    :param output_format: What the merged file is.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine_options: Names and values as the formats and the engine know them, e.g. width 320 or quality 80.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_files: Sequence[str | PathLike[str] | Mapping[str, Any]] | str,
        output_format: str | None = ...,
        file_name: str | None = ...,
        engine_options: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class OptimizeFileOperator(ModuleOperator):
    """Makes a PDF, PNG or JPG file smaller.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param input_format: The format of the input file. When it is left out, the file name's extension decides.
    :param profile: What the PDF is for. Images are always made as small as the quality allows.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine_options: Names and values as the formats and the engine know them, e.g. width 320 or quality 80.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        input_format: str | None = ...,
        profile: str | None = ...,
        file_name: str | None = ...,
        engine_options: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class ReadMetadataOperator(ModuleOperator):
    """Reads what a file says about itself: title, author, number of pages, size of a picture, length of a film.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param input_format: The format of the input file. When it is left out, the file name's extension decides.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        input_format: str | None = ...,
        wait_limit: int | str | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class WriteMetadataOperator(ModuleOperator):
    """Changes the title, author and other metadata of a file.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param input_format: The format of the input file. When it is left out, the file name's extension decides.
    :param metadata: Names and values, e.g. Title, Author, Creator or Producer.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        metadata: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        input_format: str | None = ...,
        file_name: str | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class ConvertToPDFAOperator(ModuleOperator):
    """Converts a PDF to PDF/A, the form for archiving.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param conformance_level: The part of the standard that the file will keep to.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        conformance_level: str | None = ...,
        file_name: str | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class DecryptPDFOperator(ModuleOperator):
    """Removes the password from a PDF.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param password: The password that opens the file.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        password: str,
        file_name: str | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class EncryptPDFOperator(ModuleOperator):
    """Protects a PDF with passwords and limits what readers may do.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param set_password: Needed to open the file.
    :param set_owner_password: Needed to change the permissions below.
    :param allow_print: Whether readers may print.
    :param allow_modify: What readers may change.
    :param allow_extract: Whether readers may copy text and images out of it.
    :param allow_accessibility: Whether programs for blind people may read it.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        set_password: str | None = ...,
        set_owner_password: str | None = ...,
        allow_print: str | None = ...,
        allow_modify: str | None = ...,
        allow_extract: bool | str | None = ...,
        allow_accessibility: bool | str | None = ...,
        file_name: str | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class ExtractPDFPagesOperator(ModuleOperator):
    """Makes a new PDF of some pages of another.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param pages: Page numbers and ranges, counted from 1, e.g. 1,2,5-7.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        pages: str,
        file_name: str | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class OCRPDFOperator(ModuleOperator):
    """Recognizes the text in a scanned PDF, so that it can be searched and copied.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param language: The languages of the text, as ISO 639-2 codes such as eng, deu or fra.
    :param auto_orient: Turn pages that were scanned sideways or upside down.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        language: Sequence[str] | str | None = ...,
        auto_orient: bool | str | None = ...,
        file_name: str | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class RotatePDFPagesOperator(ModuleOperator):
    """Turns pages of a PDF.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param rotation: By how much the pages are turned.
    :param pages: Page numbers and ranges, counted from 1, e.g. 1,2,5-7; all when left out.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        rotation: str,
        pages: str | None = ...,
        file_name: str | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class SplitPDFOperator(ModuleOperator):
    """Splits a PDF into one file per page.

    :param input_file: The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.
    :param file_name: The name of the resulting file, with its extension. Several files: put %d where the number goes.
    :param engine: The program that does the work. Without it CloudConvert takes the best one.
    :param engine_version: A version of the engine; the default may change over time.
    :param timeout: The task fails when it takes longer. At most five hours. In seconds.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        input_file: str | PathLike[str] | Mapping[str, Any],
        file_name: str | None = ...,
        engine: str | None = ...,
        engine_version: str | None = ...,
        timeout: int | str | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class CreateJobOperator(ModuleOperator):
    """Creates a job of any number of tasks that work on each other's results.

    :param input_files: The files that the tasks work on. Leave it empty when the first task needs none, as capturing a website.
    :param tasks: What is done, and in which order: a task starts when its inputs are there.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    :param tag: Free text by which the job can be found again. It has no effect on the result.
    :param webhook_url: CloudConvert calls this address when this job has finished or failed.
    :param output_dir: Download the files into this folder of the worker; without it the outputs hold their URLs.
    """

    def __init__(
        self,
        *,
        tasks: Sequence[Mapping[str, Any]],
        input_files: Sequence[Mapping[str, Any]] | None = ...,
        wait_limit: int | str | None = ...,
        tag: str | None = ...,
        webhook_url: str | None = ...,
        output_dir: str | PathLike[str] | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class DeleteJobOperator(ModuleOperator):
    """Deletes a job with all its tasks and files.

    :param job_id: The ID of the job, mapped from the module that made it.
    """

    def __init__(
        self,
        *,
        job_id: str,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class GetJobOperator(ModuleOperator):
    """Shows a job as it stands, with its files.

    :param job_id: The ID of the job, mapped from the module that made it.
    """

    def __init__(
        self,
        *,
        job_id: str,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class ListJobsOperator(ModuleOperator):
    """Lists the account's jobs, newest first.

    :param status: Only jobs with this status.
    :param tag: Only jobs with exactly this tag.
    :param limit: How many to give at most; 0 gives all.
    """

    def __init__(
        self,
        *,
        status: str | None = ...,
        tag: str | None = ...,
        limit: int | str | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class WaitForJobOperator(ModuleOperator):
    """Waits until a job has finished or failed, and shows it with its files.

    :param job_id: The ID of the job, mapped from the module that made it.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    """

    def __init__(
        self,
        *,
        job_id: str,
        wait_limit: int | str | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class CancelTaskOperator(ModuleOperator):
    """Cancels a task that is waiting or processing.

    :param cloudconvert_task_id: The ID of a task that is waiting or processing.
    """

    def __init__(
        self,
        *,
        cloudconvert_task_id: str,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class DeleteTaskOperator(ModuleOperator):
    """Deletes a task with its files.

    :param cloudconvert_task_id: The ID of the task, mapped from an earlier module.
    """

    def __init__(
        self,
        *,
        cloudconvert_task_id: str,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class DownloadFileOperator(ModuleOperator):
    """Downloads all files of a finished task.

    :param cloudconvert_task_id: The ID of an export/url task that has finished.
    :param output_dir: The folder of the worker into which the files are downloaded.
    """

    def __init__(
        self,
        *,
        cloudconvert_task_id: str,
        output_dir: str | PathLike[str],
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class GetTaskOperator(ModuleOperator):
    """Shows a task as it stands, with its files.

    :param cloudconvert_task_id: The ID of the task, mapped from an earlier module.
    """

    def __init__(
        self,
        *,
        cloudconvert_task_id: str,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class ListTasksOperator(ModuleOperator):
    """Lists the account's tasks, newest first.

    :param status: Only tasks with this status.
    :param job_id: The ID of the job, mapped from the module that made it.
    :param operation: Only tasks of this operation.
    :param limit: How many to give at most; 0 gives all.
    """

    def __init__(
        self,
        *,
        status: str | None = ...,
        job_id: str | None = ...,
        operation: str | None = ...,
        limit: int | str | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class RetryTaskOperator(ModuleOperator):
    """Makes a new task like one that has ended, and starts it.

    :param cloudconvert_task_id: The ID of the task, mapped from an earlier module.
    """

    def __init__(
        self,
        *,
        cloudconvert_task_id: str,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class WaitForTaskOperator(ModuleOperator):
    """Waits until a task has finished or failed, and shows it with its files.

    :param cloudconvert_task_id: The ID of the task, mapped from an earlier module.
    :param wait_limit: How long to wait for the end. When the time has passed, the work goes on; its ID is in the error. In seconds. Without it the task waits until the work ends.
    """

    def __init__(
        self,
        *,
        cloudconvert_task_id: str,
        wait_limit: int | str | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class DeleteWebhookOperator(ModuleOperator):
    """Deletes a webhook; CloudConvert calls its address no more.

    :param webhook_id: The ID of the webhook, as ListWebhooks gives it.
    """

    def __init__(
        self,
        *,
        webhook_id: str,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class GetMyInfoOperator(ModuleOperator):
    """Shows whose account the connection belongs to, and how many credits it has left."""

    def __init__(
        self,
        *,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class FilterFormatsOperator(ModuleOperator):
    """Lists what a file of one format can become.

    :param input_format: The format of the file that you have.
    :param output_format: Only what gives this format.
    :param limit: How many to give at most; 0 gives all.
    """

    def __init__(
        self,
        *,
        input_format: str,
        output_format: str | None = ...,
        limit: int | str | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class ListOperationsOperator(ModuleOperator):
    """Lists what CloudConvert can do: operations, formats, engines and their options.

    :param operation: Only this operation.
    :param input_format: Only what takes this format.
    :param output_format: Only what gives this format.
    :param engine: Only what this engine does.
    :param limit: How many to give at most; 0 gives all.
    """

    def __init__(
        self,
        *,
        operation: str | None = ...,
        input_format: str | None = ...,
        output_format: str | None = ...,
        engine: str | None = ...,
        limit: int | str | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class ListFormatsOperator(ModuleOperator):
    """Lists every conversion from one format to another that CloudConvert knows.

    :param limit: How many to give at most; 0 gives all.
    """

    def __init__(
        self,
        *,
        limit: int | str | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class ListWebhooksOperator(ModuleOperator):
    """Lists the webhooks that CloudConvert calls when something happens.

    :param url: Only webhooks that call exactly this address.
    :param limit: How many to give at most; 0 gives all.
    """

    def __init__(
        self,
        *,
        url: str | None = ...,
        limit: int | str | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...

class MakeAPICallOperator(ModuleOperator):
    """Makes any request to CloudConvert's API with the connection's key.

    :param url: The path at the API, beginning with /v2, e.g. /v2/users/me.
    :param method: The HTTP method.
    :param headers: Request headers. Authorization and Host belong to the connection and cannot be given here.
    :param query: Parameters of the query string.
    :param body: The body of the request, usually JSON.
    """

    def __init__(
        self,
        *,
        url: str,
        method: str | None = ...,
        headers: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = ...,
        query: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = ...,
        body: str | None = ...,
        cloudconvert_conn_id: str = ...,
        deferrable: bool = ...,
        poll_interval: float = ...,
        **rest: Any,
    ) -> None: ...
