"""Whether requests are signed with a secret, by botocore's own signer.

Standard input: {"secret": …, "requests": [{method, url, fields, body}]}. Standard output: a list of true and false.
"""
import datetime
import json
import re
import sys

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

given = json.load(sys.stdin)


def is_signed(seen):
    fields = {name.lower(): value for name, value in seen["fields"]}
    authorization = fields.pop("authorization", "")
    in_query = "X-Amz-Signature=" in seen["url"]
    source = seen["url"].replace("%2F", "/") if in_query else authorization
    scope = re.search(r"Credential=AKIDEXAMPLE/\d{8}/([^/]+)/([^/]+)/aws4_request", source)
    names = re.search(r"SignedHeaders=([^,&]+)", source)
    signature = re.search(r"Signature=([0-9a-f]{64})", source)
    date = fields.pop("x-amz-date", None) or re.search(r"X-Amz-Date=([0-9TZ]+)", seen["url"]).group(1)
    time = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
    botocore.auth.get_current_datetime = lambda remove_tzinfo=True: time
    credentials = Credentials("AKIDEXAMPLE", given["secret"])
    kept = {name: value for name, value in fields.items() if name in names.group(1).split(";")}
    host = kept.pop("host", fields["host"])
    url = re.sub(r"[?&]X-Amz-Algorithm=.*$", "", seen["url"])
    request = AWSRequest(method=seen["method"], url="https://" + host + url, data=seen["body"].encode(), headers=kept)
    if in_query:
        signer = botocore.auth.S3SigV4QueryAuth(credentials, scope.group(2), scope.group(1), expires=60)
        signer.add_auth(request)
        made = re.search(r"X-Amz-Signature=([0-9a-f]{64})", request.url).group(1)
    else:
        kind = botocore.auth.S3SigV4Auth if scope.group(2) == "s3" else botocore.auth.SigV4Auth
        signer = kind(credentials, scope.group(2), scope.group(1))
        if "x-amz-content-sha256" in fields:
            signer.payload = lambda _: fields["x-amz-content-sha256"]
        signer.add_auth(request)
        made = re.search(r"Signature=([0-9a-f]{64})", request.headers["Authorization"]).group(1)
    return made == signature.group(1)


json.dump([is_signed(seen) for seen in given["requests"]], sys.stdout)
