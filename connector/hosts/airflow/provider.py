"""What Airflow asks a provider about itself: the connection type with its form, and the links of its operators.

Format: `airflow/provider.yaml.schema.json` of Airflow 3.2 and newer; older ones show the fields as JSON in "extra".
"""

from __future__ import annotations

from typing import Any

from connector.hosts.airflow.form import CONNECTION_TYPE, form
from connector.version import __version__


def get_provider_info() -> dict[str, Any]:
    """The provider, as Airflow's entry point `apache_airflow_provider` wants it."""
    return {
        "package-name": "cloudconvert-connector",
        "name": "CloudConvert",
        "description": "Convert, merge, archive, optimize and capture files with CloudConvert.",
        "versions": [__version__],
        "connection-types": [
            {
                "connection-type": CONNECTION_TYPE,
                "hook-name": "CloudConvert",
                "hook-class-name": "connector.hosts.airflow.hook.CloudConvertHook",
                **form(),
            }
        ],
        "extra-links": ["connector.hosts.airflow.links.JobLink"],
    }
