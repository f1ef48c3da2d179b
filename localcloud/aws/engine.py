"""The engine: the one file that imports ministack, and the seams by which it is made ours.

Its version is pinned; `tests/localcloud/aws/test_engine.py` has a test for each seam. It decides nothing: every call
that gets here was authenticated and authorised before, and `perform` runs exactly the operation that was.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.metadata
import json
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from localcloud.aws import calls, http_api, wire
from localcloud.aws.calls import Reply
from localcloud.aws.catalog import Catalog
from localcloud.aws.cloudformation import StackOperations
from localcloud.aws.function import Function, Result
from localcloud.aws.function_code import BUILD_BUCKET, FunctionCode
from localcloud.aws.function_results import engine_result, forbidden_result, http_api_response
from localcloud.aws.jwt_authorizer import FindIssuer, JwtAuthorizer
from localcloud.aws.records import FunctionRecord
from localcloud.aws.resources import ResourceType
from localcloud.aws.seams import EngineError, Seams, is_loaded, lazy_imports, quiet_logging, set_environment
from localcloud.aws.services import DYNAMODB_WRITES, SERVICES, changes_resources
from localcloud.aws.state import State, Write
from localcloud.errors import AwsError
from localcloud.iam.actions import Call

VERSION = "1.5.33"
