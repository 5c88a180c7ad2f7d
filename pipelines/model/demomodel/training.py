"""Trains the network; stops and goes on at any checkpoint."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from pathlib import Path

import torch

from .batches import FULL_PREFIX
from .network import Network, Shape
from .optimizer import optimizers
from .tasks import Task
from .workers import Workers

WARM_UP_STEPS = 20
# The last part of the training reads the production prompt more often, when the steps are small.
LAST_PART = 0.15
LAST_FULL_PREFIX = 0.35
CHECKPOINT_SECONDS = 120
LOGGED_STEPS = 10
# Answers come from a moving average of the weights, which is as good as smaller steps.
AVERAGE = 0.995


class Training:
    """One training run, kept in a folder."""

    def __init__(
        self,
        folder: Path,
        shape: Shape,
        tasks: Callable[[], dict[str, Task]],
        seed: int,
        steps: int,
    ):
        self._path = folder / "checkpoint.pt"
        self._tasks = tasks
        self._seed = seed
        self._steps = steps
        self._step = 0
        torch.manual_seed(seed)
        self._network = Network(shape, dropout=0.05)
        self._average = copy.deepcopy(self._network)
        self._optimizers = optimizers(self._network)
        self._groups = [group for o in self._optimizers for group in o.param_groups]
        self._rates = [group["lr"] for group in self._groups]
        if self._path.exists():
            self._resume()

    def run(self, stop_after: float = math.inf) -> None:
        """Trains until all steps are done, or for so many seconds."""
        self._network.train()
        workers = Workers(self._network, self._tasks, self._seed)
        begun = saved = logged = time.monotonic()
        losses: dict[str, float] = {}
        while self._step < self._steps and time.monotonic() - begun < stop_after:
            for task, loss in self._learn(workers).items():
                losses[task] = 0.9 * losses.get(task, loss) + 0.1 * loss
            now = time.monotonic()
            if self._step % LOGGED_STEPS == 0:
                pace = (now - logged) / LOGGED_STEPS
                logged = now
                shown = " ".join(f"{task} {loss:.3f}" for task, loss in losses.items())
                print(f"step {self._step}/{self._steps} {pace:.2f} s/step {shown}", flush=True)
            if now - saved > CHECKPOINT_SECONDS:
                self._save()
                saved = now
        workers.close()
        self._save()

    def _learn(self, workers: Workers) -> dict[str, float]:
        done = self._step / self._steps
        warmth = min(1.0, (self._step + 1) / WARM_UP_STEPS)
        factor = warmth * max(0.01, 0.5 * (1 + math.cos(math.pi * done)))
        for group, rate in zip(self._groups, self._rates):
            group["lr"] = rate * factor
        full = LAST_FULL_PREFIX if done > 1 - LAST_PART else FULL_PREFIX
        losses = workers.backward(self._step, full)
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        for optimizer in self._optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)
        self._step += 1
        share = 1 - min(AVERAGE, (1 + self._step) / (10 + self._step))
        with torch.no_grad():
            for kept, learned in zip(self._average.parameters(), self._network.parameters()):
                kept.lerp_(learned, share)
        return losses

    def _save(self) -> None:
        partial = self._path.with_suffix(".partial")
        torch.save(
            {
                "shape": self._network.shape.to_dict(),
                "network": self._network.state_dict(),
                "average": self._average.state_dict(),
                "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
                "step": self._step,
            },
            partial,
        )
        partial.replace(self._path)

    def _resume(self) -> None:
        held = torch.load(self._path)
        self._network.load_state_dict(held["network"])
        self._average.load_state_dict(held["average"])
        for optimizer, state in zip(self._optimizers, held["optimizers"]):
            optimizer.load_state_dict(state)
        self._step = held["step"]
        torch.manual_seed(self._seed + self._step)


def load(path: Path) -> Network:
    """The network of a checkpoint, to answer with."""
    held = torch.load(path)
    network = Network(Shape(**held["shape"]))
    network.load_state_dict(held["average"])
    return network.eval()
