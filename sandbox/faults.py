"""How a job can fail. Messages hold no input, only names and numbers."""

from __future__ import annotations

from correspondence.errors import SarabanError


class SandboxFault(SarabanError):
    """A job did not yield a reply; the pool goes on with a fresh child."""

    code = "sandbox_fault"


class SandboxTimedOut(SandboxFault):
    """The job used up its wall-clock or processor time and was killed."""

    code = "sandbox_timed_out"

    def __init__(self, seconds: float) -> None:
        """Keep the limit that was reached, in seconds."""
        super().__init__(
            f"The job was stopped after {seconds:g} seconds.",
            thai=f"ใช้เวลาเกิน {seconds:g} วินาที จึงหยุดการทำงาน",
        )
        self.seconds = seconds


class SandboxCrashed(SandboxFault):
    """The child ended without a reply, or replied with something that is no reply."""

    code = "sandbox_crashed"

    def __init__(self, how: str) -> None:
        """Keep how it ended: `signal_11`, `exit_3`, `garbled_reply`, `not_started`."""
        super().__init__(
            f"The child process ended unexpectedly ({how}).",
            thai=f"โปรแกรมอ่านแฟ้มหยุดทำงานกะทันหัน ({how})",
        )
        self.how = how


class SandboxOutOfMemory(SandboxFault):
    """The job needed more memory than it may have."""

    code = "sandbox_out_of_memory"

    def __init__(self, memory_bytes: int) -> None:
        """Keep the limit that was reached, in bytes."""
        mebibytes = memory_bytes >> 20
        super().__init__(
            f"The job needed more than {mebibytes} MiB of memory.",
            thai=f"ต้องใช้หน่วยความจำเกิน {mebibytes} เมบิไบต์",
        )
        self.memory_bytes = memory_bytes


class JobFailed(SandboxFault):
    """The job itself refused; `reason` is its stable snake_case code."""

    code = "job_failed"

    def __init__(self, reason: str) -> None:
        """Keep the code the job gave."""
        super().__init__(f"The job failed ({reason}).", thai=f"งานในกระบวนการย่อยล้มเหลว ({reason})")
        self.reason = reason
