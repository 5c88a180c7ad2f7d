"""Trains the network; stops and goes on at any checkpoint."""

from __future__ import annotations

import contextlib
import copy
import time
from collections.abc import Callable
from pathlib import Path

import torch

from .accelerator import Accelerator
from .batches import FULL_PREFIX, SECOND_PART
from .network import Network, Shape
from .optimizer import NEW, TRAINED, optimizers
from .tasks import Task
from .workers import Workers

WARM_UP_STEPS = 20
# The last part of the training reads the production prompt more often, when the steps are small.
LAST_PART = 0.15
LAST_FULL_PREFIX = 0.3
CHECKPOINT_SECONDS = 120
LOGGED_STEPS = 20
# Steps are full until this part of the time has passed, then shrink evenly to the last one's size.
FULL_STEPS = 0.4
LAST_STEP = 0.01
# A step takes about a second. A longer one was held up, by a suspended machine perhaps, and counts
# as this long.
LONGEST_STEP_SECONDS = 20
DROPOUT = 0.05
# Answers come from a moving average of the weights, which is as good as smaller steps.
AVERAGE = 0.995


class Training:
    """One training run, kept in a folder.

    first: the network to begin with, made up or trained before. A trained one forgets at the rates
    that a new one needs. So do its last layers where a step has few answers for them: they rest in the
    first part of the training.
    """

    def __init__(
        self,
        folder: Path,
        first: Network,
        trained: bool,
        tasks: Callable[[], dict[str, Task]],
        seed: int,
        minutes: float,
        device: torch.device,
    ):
        self._path = folder / "checkpoint.pt"
        self._tasks = tasks
        self._seed = seed
        self._seconds = minutes * 60
        self._step = 0
        self._spent = 0.0
        torch.manual_seed(seed)
        self._device = device
        first.dropout.share = DROPOUT
        self._network = first.to(device)
        self._average = copy.deepcopy(self._network)
        self._optimizers = optimizers(self._network, TRAINED if trained else NEW)
        self._rates = [group["lr"] for group in self._groups()]
        self._trained_before = trained
        if self._path.exists():
            self._resume()

    def run(self, stop_after: float, asked_to_stop: Callable[[], bool]) -> None:
        """Trains until its time is spent, for so many seconds, or until asked to stop."""
        self._network.train()
        with contextlib.closing(self._workers()) as workers:
            self._run(workers, stop_after, asked_to_stop)
        self._save()

    def _run(
        self,
        workers: Workers | Accelerator,
        stop_after: float,
        asked_to_stop: Callable[[], bool],
    ) -> None:
        begun = saved = before = time.monotonic()
        logged = self._spent
        losses: dict[str, torch.Tensor] = {}
        while self._spent < self._seconds and time.monotonic() - begun < stop_after:
            if asked_to_stop():
                break
            for task, loss in self._learn(workers).items():
                losses[task] = 0.9 * losses.get(task, loss) + 0.1 * loss
            now = time.monotonic()
            self._spent += min(now - before, LONGEST_STEP_SECONDS)
            before = now
            if self._step % LOGGED_STEPS == 0:
                pace = (self._spent - logged) / LOGGED_STEPS
                logged = self._spent
                shown = " ".join(f"{task} {float(loss):.3f}" for task, loss in losses.items())
                minutes = f"minute {self._spent / 60:.1f} of {self._seconds / 60:g}"
                print(f"step {self._step} {minutes} {pace:.2f} s/step {shown}", flush=True)
            if now - saved > CHECKPOINT_SECONDS:
                self._save()
                saved = now

    def _workers(self) -> Workers | Accelerator:
        if self._device.type == "cpu":
            return Workers(self._network, self._tasks, self._seed)
        return Accelerator(self._network, self._tasks, self._seed, self._step, self._device)

    def _learn(self, workers: Workers | Accelerator) -> dict[str, torch.Tensor]:
        done = min(1.0, self._spent / self._seconds)
        warmth = min(1.0, (self._step + 1) / WARM_UP_STEPS)
        factor = warmth * max(LAST_STEP, min(1.0, (1 - done) / (1 - FULL_STEPS)))
        for group, rate in zip(self._groups(), self._rates):
            group["lr"] = rate * factor
        full = LAST_FULL_PREFIX if done > 1 - LAST_PART else FULL_PREFIX
        part = int(done >= SECOND_PART)
        rests = self._trained_before and part == 0
        losses = workers.backward(self._step, part, full, rests)
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        for optimizer in self._optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
        self._step += 1
        share = 1 - min(AVERAGE, (1 + self._step) / (10 + self._step))
        with torch.no_grad():
            kept, learned = (list(n.parameters()) for n in (self._average, self._network))
            torch._foreach_mul_(kept, 1 - share)
            torch._foreach_add_(kept, learned, alpha=share)
        return losses

    def _groups(self) -> list[dict]:
        """What rates are set on; an optimizer that takes up a checkpoint has new ones."""
        return [group for optimizer in self._optimizers for group in optimizer.param_groups]

    def _save(self) -> None:
        partial = self._path.with_suffix(".partial")
        torch.save(
            {
                "shape": self._network.shape.to_dict(),
                "network": self._network.state_dict(),
                "average": self._average.state_dict(),
                "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
                "step": self._step,
                "spent": self._spent,
            },
            partial,
        )
        partial.replace(self._path)

    def _resume(self) -> None:
        held = torch.load(self._path, map_location=self._device)
        self._network.load_state_dict(held["network"])
        self._average.load_state_dict(held["average"])
        for optimizer, state in zip(self._optimizers, held["optimizers"]):
            optimizer.load_state_dict(state)
        self._step, self._spent = held["step"], held["spent"]
        torch.manual_seed(self._seed + self._step)


def load(path: Path) -> Network:
    """The network of a checkpoint, to answer with."""
    held = torch.load(path, map_location="cpu")
    network = Network(Shape(**held["shape"]))
    state = network.state_dict()
    # Heads only teach: a checkpoint of a training that had others answers as well.
    known = {name: held["average"].get(name, state[name]) for name in state}
    network.load_state_dict(known)
    return network.eval()
