"""Requests that botocore, AWS's own SDK, signs: each once with either of two secrets, at the same time.

Standard input: {"secrets": [a, b], "time": "20260301T100000Z"}. Standard output: {name: [signed with a, signed with b]},
each {method, url, fields, body in base64}. Nothing is sent.
"""
import base64
import datetime
import json
import sys
import uuid

import botocore.auth
import botocore.session
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

given = json.load(sys.stdin)
now = datetime.datetime.strptime(given["time"], "%Y%m%dT%H%M%SZ")
token = "session/token+=="


class Captured(Exception):
    pass


def frozen(remove_tzinfo=True):
    return now if remove_tzinfo else now.replace(tzinfo=datetime.timezone.utc)


botocore.auth.get_current_datetime = frozen
uuid.uuid4 = lambda: uuid.UUID(int=4)


def text(value):
    return value.decode("latin1") if isinstance(value, bytes) else value


def written(request):
    body = request.body or b""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        body = body.encode()
    fields = [[text(name), text(value)] for name, value in request.headers.items()]
    return {"method": request.method, "url": request.url, "fields": fields, "body": base64.b64encode(body).decode()}


def client(service, secret, session_token=None, **config):
    made = botocore.session.Session().create_client(
        service,
        region_name="eu-central-1",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key=secret,
        aws_session_token=session_token,
        config=Config(signature_version=config.pop("signature_version", None), **config),
    )
    captured = []

    def capture(request, **_):
        captured.append(written(request))
        raise Captured()

    made.meta.events.register("before-send.*.*", capture)
    return made, captured


def call(service, operation, session_token=None, config={}, **parameters):
    def make(secret):
        made, captured = client(service, secret, session_token, **config)
        try:
            getattr(made, operation)(**parameters)
        except Captured:
            pass
        return captured[0]

    return make


def presign(service, operation, parameters, method=None, config={}):
    def make(secret):
        made, _ = client(service, secret, **{"signature_version": "v4", **config})
        url = made.generate_presigned_url(operation, Params=parameters, ExpiresIn=60, HttpMethod=method)
        return {"method": method or "GET", "url": url, "fields": [], "body": ""}

    return make


def plain(auth, method, url, service, body=b"", fields={}):
    """A request of the user's own, signed by the SDK's signer."""

    def make(secret):
        request = AWSRequest(method=method, url=url, data=body, headers=dict(fields))
        auth(Credentials("AKIDEXAMPLE", secret), service, "eu-central-1").add_auth(request)
        return written(request.prepare())

    return make


sig, s3sig = botocore.auth.SigV4Auth, botocore.auth.S3SigV4Auth
arn = "arn:aws:lambda:eu-central-1:123456789012:function:f"
requests = {
    "sqs": call("sqs", "send_message", QueueUrl="https://sqs.eu-central-1.amazonaws.com/1/q", MessageBody="é body"),
    "dynamodb": call("dynamodb", "get_item", TableName="t", Key={"id": {"S": "1"}}),
    "sts": call("sts", "get_caller_identity"),
    "with a session token": call("sts", "get_caller_identity", session_token=token),
    "lambda, whose path holds colons": call("lambda", "invoke", FunctionName=arn, Payload=b"{}"),
    "a path with a slash in a segment": call("apigateway", "get_tags", resourceArn="arn:aws:x::/restapis/a b"),
    "s3 get": call("s3", "get_object", Bucket="bucket", Key="a b/ü+(1)~*'.txt"),
    "s3 get of a key with dots and slashes": call("s3", "get_object", Bucket="bucket", Key="a//b/./c/../d"),
    "s3 put": call("s3", "put_object", Bucket="bucket", Key="k", Body=b"content", ContentType="text/plain"),
    "s3 put, body signed": call(
        "s3", "put_object", config={"s3": {"payload_signing_enabled": True}}, Bucket="bucket", Key="k", Body=b"content"
    ),
    "s3 put with a metadata of several spaces": call(
        "s3", "put_object", Bucket="bucket", Key="k", Body=b"", Metadata={"name": "a   b  c"}
    ),
    "s3 list": call("s3", "list_objects_v2", Bucket="bucket", Prefix="a b/+&=", Delimiter="/", StartAfter="ü"),
    "s3 with a parameter without a value": call("s3", "get_bucket_location", Bucket="bucket"),
    "s3 with a session token": call("s3", "list_buckets", session_token=token),
    "s3 presigned": presign("s3", "get_object", {"Bucket": "bucket", "Key": "a b+ü", "ResponseContentType": "a/b; c=d"}),
    "s3 presigned put": presign("s3", "put_object", {"Bucket": "bucket", "Key": "k"}, "PUT"),
    "sts presigned": presign("sts", "get_caller_identity", {}, "GET"),
    "polly presigned": presign("polly", "synthesize_speech", {"OutputFormat": "mp3", "Text": "a b", "VoiceId": "Joey"}, "GET"),
    "dot segments": plain(sig, "GET", "https://x.test/a/./b//c/../d/", "execute-api"),
    "an encoded path": plain(sig, "GET", "https://x.test/a%20b/%C3%BC/c%2Fd", "execute-api"),
    "parameters out of order": plain(sig, "GET", "https://x.test/?b=2&a=%20&a=1&B=3&c&d=%2B", "execute-api"),
    "a body and fields": plain(sig, "POST", "https://x.test/p", "es", b"\x00\xff", {"X-Custom": " a  b ", "Content-Type": "x/y"}),
    "a port": plain(sig, "GET", "https://x.test:8443/p", "es"),
    "s3 with an encoded path": plain(s3sig, "GET", "https://x.test/a%20b/%C3%BC/./c", "s3"),
}
made = {name: [make(secret) for secret in given["secrets"]] for name, make in requests.items()}
json.dump(made, sys.stdout)
