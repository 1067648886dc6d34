"""The endpoint of many writes in one request (RFC 7644 3.7), each of them as good as a request of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from deskscim.provisioning.log import Call

from . import discovery
from .endpoint import answer, as_scim, noted
from .errors import ScimError
from .job import Job, Operation
from .preconditions import Preconditions, entity_tag
from .users import UsersEndpoint
from .writing import STATUS, Asked, Write

Result = dict[str, Any]


class BulkView(UsersEndpoint):
    """/Bulk. Each operation has its own transaction and its own entry in the provisioning log (R44)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The results in the order of the operations; after too many errors those of what was tried."""
        self.call.method = "BULK"
        job = Job.read(self.load_body(self.body))
        results = {position: self._result(operation, job) for position, operation in job.turns()}
        return answer(discovery.bulk_response([results[position] for position in sorted(results)]))

    def _result(self, operation: Operation, job: Job) -> Result:
        call = Call(operation.method, self.access.connection)
        write = Write(lambda: asked(operation, job), self.access.connection, call, self.adapter)
        try:
            adapter = write.carry_out()
        except Exception as error:
            job.failed(operation)
            return self._failure(operation, write, as_scim(error))
        job.done(operation, str(adapter.obj.pk))
        version = {} if operation.method == "DELETE" else {"version": entity_tag(adapter.obj.version)}
        return _echo(operation, STATUS[operation.method]) | {"location": adapter.location, **version}

    def _failure(self, operation: Operation, write: Write, error: ScimError) -> Result:
        noted(write.refused, error)
        result = _echo(operation, error.status) | {"response": error.to_dict()}
        if operation.method != "POST":
            found = write.call.contact_id
            path = f"Users/{found}" if found else operation.path.lstrip("/")
            result["location"] = f"{self.base}/{path}"
        return result


def asked(operation: Operation, job: Job) -> Asked:
    """What an operation asks for, its references resolved."""
    return Asked(
        method=operation.method,
        user_id=job.resolved(operation.user_id()),
        body=lambda: job.resolved(operation.body()),
        preconditions=Preconditions(match=operation.version),
    )


def _echo(operation: Operation, status: int) -> Result:
    bulk_id = {} if operation.bulk_id is None else {"bulkId": operation.bulk_id}
    return {"method": operation.method, **bulk_id, "status": str(status)}
