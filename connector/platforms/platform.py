"""What a platform is: a name, and the files that install the connector into it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Service:
    """The CloudConvert that files are made for. All are URLs without a slash at the end.

    `base_url` is the API's root and `sync_url` the root on which reads of jobs and tasks block until their end (None
    where there is none); `/v2` follows both. `authorize_url` and `token_url` are the two ends of OAuth2.
    """

    base_url: str
    sync_url: str | None
    authorize_url: str
    token_url: str


class Platform(ABC):
    """Base of all platforms: a folder of `connector.platforms` holds one subclass in its `__init__`.

    `name` is the folder in `manifests/` and the word on the command line, `label` what people call it.
    """

    name: ClassVar[str]
    label: ClassVar[str]

    @abstractmethod
    def files(self, service: Service) -> Mapping[str, bytes]:
        """Every file by its path below `manifests/<name>/`, with forward slashes.

        A pure function of the declarations and of `service`: the same bytes on every machine, without a network.
        """
