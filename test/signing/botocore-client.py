"""Calls through the door with botocore, unchanged: environment ENDPOINT, and what the app of a door gets.

Standard output: one line of JSON for each call: its name, and "ok" or the problem's code.
"""
import json
import os
import urllib.request

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = os.environ["ENDPOINT"]


def client(service, **config):
    return botocore.session.Session().create_client(
        service,
        region_name="eu-central-1",
        endpoint_url=endpoint,
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key=os.environ["AWS_KEY"],
        config=Config(retries={"total_max_attempts": 1}, **config),
    )


def said(name, call):
    try:
        call()
        print(json.dumps([name, "ok"]))
    except ClientError as error:
        # The test's upstream does not answer as AWS does; only what the door says is a failure.
        print(json.dumps([name, error.response["ResponseMetadata"]["HTTPHeaders"].get("sallyport-problem", "ok")]))


s3 = client("s3", s3={"addressing_style": "path"})
said("sqs", lambda: client("sqs").send_message(QueueUrl=endpoint + "/1/q", MessageBody="é"))
said("s3 get", lambda: s3.head_object(Bucket="bucket", Key="a b/ü+1.txt"))
said("s3 put", lambda: s3.put_object(Bucket="bucket", Key="k", Body=b"x" * 300_000))
url = s3.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "a b"}, ExpiresIn=60)
said("presigned", lambda: urllib.request.urlopen(url).read())
