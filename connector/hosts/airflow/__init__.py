"""CloudConvert in Apache Airflow 3: `from connector.hosts.airflow.operators import ConvertFileOperator`.

Airflow finds the provider by its entry point, which leads to `provider`; that file and `form` start without Airflow.
"""
