"""A local S3 server over HTTP (moto), with the same checks of keys and rights as a real one."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
import httpx
from moto.server import ThreadedMotoServer

REGION = "ap-southeast-1"
# As many as are never asked: before rights are looked at.
_OPEN = 1_000_000_000
_LEAST = ("s3:ListBucket", "s3:GetObject", "s3:PutObject")


@dataclass(frozen=True)
class S3Server:
    """A server with buckets; `environment` is what a client of it needs."""

    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        """Variables of any S3 client, with keys that the open server does not look at."""
        return self.with_keys("any-key-does-it", "any-secret-does-it")

    def with_keys(self, key: str, secret: str) -> dict[str, str]:
        """Variables of a client with keys of its own."""
        return {
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_DEFAULT_REGION": REGION,
        }

    def make_bucket(self, name: str) -> str:
        """Make a bucket and return its address as SARABAN_BLOB_URL has it."""
        self.client("s3").create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        return f"s3://{name}/blobs"

    def client(self, service: str):  # type: ignore[no-untyped-def]
        """Return a plain client, to look at what lies there."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="any-key-does-it",
            aws_secret_access_key="any-secret-does-it",
        )

    def make_user(self, name: str, bucket: str) -> dict[str, str]:
        """Enter a user with the least rights on a bucket; returns a client's variables."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        statement = {
            "Effect": "Allow",
            "Action": list(_LEAST),
            "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        iam.put_user_policy(UserName=name, PolicyName="blobs", PolicyDocument=document)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return self.with_keys(made["AccessKeyId"], made["SecretAccessKey"])

    @contextmanager
    def asking_for_keys(self) -> Iterator[None]:
        """Look at keys and rights of every request within the block."""
        httpx.post(f"{self.endpoint}/moto-api/reset-auth", content=b"0").raise_for_status()
        try:
            yield
        finally:
            httpx.post(f"{self.endpoint}/moto-api/reset-auth", content=str(_OPEN).encode())


@contextmanager
def running_s3() -> Iterator[S3Server]:
    """Yield a running server; it ends with the block."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield S3Server(f"http://{host}:{port}")
    finally:
        server.stop()
