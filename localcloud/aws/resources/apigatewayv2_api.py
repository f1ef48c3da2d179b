"""AWS::ApiGatewayV2::Api: the engine keeps CORS where it never looks, and an endpoint not every client resolves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from localcloud.aws.resources import ApiCall, Attributes, MendedType, Properties, is_true


class Api(MendedType):
    """An HTTP API with its CORS rules put through the API's own API, reached by path."""

    def __init__(self, engine_type: Mapping[str, Any], call: ApiCall, endpoint: Callable[[str], str]) -> None:
        """`endpoint` gives the URL of an API by its id."""
        super().__init__(engine_type, call)
        self._endpoint = endpoint

    def _kept(self, properties: Properties) -> Properties:
        return {name: value for name, value in properties.items() if name != "CorsConfiguration"}

    def _apply(self, physical_id: str, old: Properties, new: Properties, attributes: Attributes) -> Attributes:
        # The engine's update has just removed the rules, so they are put back even when they did not change.
        if "CorsConfiguration" in new:
            parameters = {"ApiId": physical_id, "CorsConfiguration": _cors(new["CorsConfiguration"])}
            self._call("apigatewayv2", "UpdateApi", parameters)
        return {**attributes, "ApiEndpoint": self._endpoint(physical_id)}


def _cors(configuration: Mapping[str, Any]) -> dict[str, Any]:
    rules = dict(configuration)
    if "MaxAge" in rules:
        rules["MaxAge"] = int(rules["MaxAge"])
    if "AllowCredentials" in rules:
        rules["AllowCredentials"] = is_true(rules["AllowCredentials"])
    return rules
