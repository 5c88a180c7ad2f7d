"""Gradients of one step from a GPU, while processes of the CPU make the batches of the next ones."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, multiprocessing
from torch.utils.data import DataLoader, Dataset

from .batches import LENGTHS, Batch, Batches, on_a_gpu
from .network import Network
from .tasks import Task
from .workers import backward

# Documents of a step, as a multiple of those of a step on two cores.
TIMES = 16


class Accelerator:
    """A GPU, with as many processes as there are cores to feed it."""

    def __init__(
        self,
        network: Network,
        tasks: Callable[[], dict[str, Task]],
        seed: int,
        step: int,
        device: torch.device,
    ):
        torch.backends.cuda.matmul.allow_tf32 = True
        # Else each tensor on its way takes a file descriptor.
        multiprocessing.set_sharing_strategy("file_system")
        self._network = network
        self._device = device
        self._part = multiprocessing.Value("i", 0)
        self._full = multiprocessing.Value("d", 0.0)
        groups = _Groups(tasks, seed, step // LENGTHS, self._part, self._full)
        workers = max(1, (os.cpu_count() or 2) - 1)
        self._loader = DataLoader(groups, batch_size=None, num_workers=workers, prefetch_factor=3)
        self._steps = self._in_order()
        for _ in range(step % LENGTHS):
            next(self._steps)

    def backward(self, _step: int, part: int, full: float, rests: bool) -> dict[str, Tensor]:
        """Leaves the gradients of the next step in the network's parameters.

        part: of the training. full: share of the steps with the production prompt. Both take effect
        some steps later. rests: whether the last third of the layers does.
        """
        self._network.rest_upper(rests)
        self._part.value = part
        self._full.value = full
        batches = [batch.to(self._device) for batch in next(self._steps)]
        with torch.autocast(self._device.type, torch.bfloat16):
            return backward(self._network, batches)

    def close(self) -> None:
        del self._steps

    def _in_order(self) -> Iterator[list[Batch]]:
        for group in self._loader:
            yield from group


class _Groups(Dataset):
    """The steps whose documents are made together, by their place in the training."""

    def __init__(self, tasks: Callable[[], dict[str, Task]], seed: int, first: int, part, full):
        self._tasks = tasks
        self._seed = seed
        self._first = first
        self._part = part
        self._full = full
        self._batches: Batches | None = None

    def __len__(self) -> int:
        return 10**7

    def __getitem__(self, place: int) -> list[list[Batch]]:
        if self._batches is None:
            torch.set_num_threads(1)
            self._batches = Batches(self._tasks(), on_a_gpu(TIMES), self._seed)
        first = (self._first + place) * LENGTHS
        part, full = self._part.value, self._full.value
        return [self._batches.of(step, part, full) for step in range(first, first + LENGTHS)]
