"""Starts kernels: forked from a zygote where that works, else as a new process."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from workbook.serve.kernel_main import KERNEL_OPTIONS
from workbook.serve.zygote import KERNEL_PROCESS_NAME, KERNEL_STARTED

KERNEL_COMMAND = [sys.executable, "-m", "workbook.serve.kernel_main", "-f", *KERNEL_OPTIONS]
"""The only command that is forked; the path of the connection file comes after ``-f``."""

FORK_TIMEOUT_S = 30.0
"""Seconds that the zygote may take for its imports and a fork."""


class ForkUnavailable(Exception):
    """No kernel was forked; ``args[0]`` is the reason in one word, never a path."""


class ForkedProcess:
    """The part of ``Popen`` that jupyter_client uses, for a process that is not our child.

    Args:
        pid: process id.
        handle: pidfd of the process; it stays valid when the pid is reused.

    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, handle: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        """None while it runs, then always -1: only the parent of a process learns its exit code."""
        self._handle = handle

    def poll(self) -> int | None:
        """Return None while the process runs, then -1."""
        return self._poll_ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Return -1 once the process has ended.

        Raises:
            TimeoutExpired: after ``timeout`` seconds.

        """
        code = self._poll_ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(KERNEL_PROCESS_NAME, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal if the process still runs."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _poll_ended(self, seconds: float | None) -> int | None:
        if self.returncode is None and _wait_readable(self._handle, seconds):
            self.returncode = -1
            os.close(self._handle)
        return self.returncode


class Zygote:
    """The zygote process of this server; it is started when a fork needs it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._lifeline: tuple[int, int] | None = None
        """A pipe that is never written to. Its write end is in this server alone, so kernels
        read end-of-file, and end, when the server ends, not when the zygote does."""
        self._refused = ""
        """Why the zygote refused to work; it is not started again then."""

    def warm_up(self) -> None:
        """Start the zygote in advance, so that it imports while the server starts."""
        with self._lock, suppress(Exception):  # fork_kernel() raises the error again
            self._ensure_started()

    def fork_kernel(self, request: bytes) -> ForkedProcess:
        """Return the process of a new kernel once its sockets are open.

        Args:
            request: JSON list of connection file, environment and working folder.

        Raises:
            ForkUnavailable: if forking is not possible here, or the kernel failed to start.
            OSError: if the zygote has ended or takes too long; the next call starts another.

        """
        with self._lock:
            try:
                said, handles = self._send_request(self._ensure_started(), request)
            except BaseException:
                self._stop()
                raise
            if "refused" in said:
                self._refused = said["refused"]
                self._stop()
        if not handles:
            raise ForkUnavailable(said.get("refused") or said["error"])
        kernel = ForkedProcess(said["pid"], handles[0])
        with os.fdopen(handles[1], "rb", buffering=0) as report:
            word = (
                report.read(64) if _wait_readable(report.fileno(), FORK_TIMEOUT_S) else b"Timeout"
            )
        if word != KERNEL_STARTED:
            kernel.kill()
            kernel.wait()
            raise ForkUnavailable(word.decode() or "KernelEnded")
        return kernel

    def close(self) -> None:
        """End the zygote if it runs; its kernels go on."""
        with self._lock:
            self._stop()

    def _ensure_started(self) -> socket.socket:
        if self._refused:
            raise ForkUnavailable(self._refused)
        if not sys.platform.startswith("linux"):
            raise ForkUnavailable("NotLinux")
        if self._control and self._process and self._process.poll() is None:
            return self._control
        self._stop()
        self._lifeline = self._lifeline or os.pipe()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(FORK_TIMEOUT_S)
        ends = theirs.fileno(), self._lifeline[0]
        # -P: modules are not imported from the current folder.
        command = [sys.executable, "-P", "-m", "workbook.serve.zygote", *map(str, ends)]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command, stdin=subprocess.DEVNULL, pass_fds=ends, start_new_session=True
            )
        atexit.register(self.close)
        return self._control

    @staticmethod
    def _send_request(line: socket.socket, request: bytes) -> tuple[dict[str, Any], list[int]]:
        # In a memory file: a message has a size limit, an environment has none.
        with os.fdopen(os.memfd_create("request"), "wb") as asked:
            asked.write(request)
            asked.seek(0)
            socket.send_fds(line, [b"f"], [asked.fileno()])
        said, handles, _, _ = socket.recv_fds(line, 1024, 2)
        if not said:
            raise EOFError
        return json.loads(said), handles

    def _stop(self) -> None:
        if self._control:
            self._control.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None


def _wait_readable(descriptor: int, seconds: float | None) -> bool:
    """Wait until ``descriptor`` is readable; False after ``seconds``. select() stops at 1023."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(None if seconds is None else seconds * 1000))


ZYGOTE = Zygote()


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of a process that has imported everything.

    Forked kernels share the memory of these imports and start sooner. On any error, and
    where forking is not possible, the kernel starts as a new process.
    """

    async def launch_kernel(self, cmd: list[str], **how: Any) -> KernelConnectionInfo:
        """Start the kernel; returns when the process exists, before it answers."""
        folder = str(how.get("cwd") or Path.cwd())
        try:
            if [*cmd[:4], *cmd[5:]] != KERNEL_COMMAND or not how.keys() <= {
                "env",
                "cwd",
                "kernel_id",
            }:
                raise ForkUnavailable("AnotherCommand")
            request = json.dumps([cmd[4], how["env"], folder]).encode()
            forked = await asyncio.to_thread(ZYGOTE.fork_kernel, request)
        except Exception as error:  # noqa: BLE001 - after any error a new process is started
            reason = error.args[0] if isinstance(error, ForkUnavailable) else type(error).__name__
            self.log.warning("A kernel shares no memory with others: %s", reason)
            return await super().launch_kernel(cmd, **how)
        self.process = forked  # type: ignore[assignment]  # the part of it that is used
        self.pid = self.pgid = forked.pid
        self.cwd = folder
        return self.connection_info
