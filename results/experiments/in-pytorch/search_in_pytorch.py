"""How far a short search of CTS-loss comes by our constants and by the authors', from our start points and theirs:

    python3 search_in_pytorch.py JPEGS OUT NAME=SEEDS...

ResNet-20 on CIFAR-10 (JPEGS holds train/CLASS/*.jpg) at a density of 0.8^22. Trains each seed to epoch 9, searches for
20 epochs, and writes a line for each start point and each ticket to OUT/results.jsonl: cross-entropy over a quarter of
the training images in batches of 512 and of 128, and that under the relaxed masks of the last epoch. OUT/tickets.pt has
the start points and tickets. With CUDA each job is a graph on a stream of its own, and all of a phase go side by side.

A name of SEARCHES is the recipe of the start point, the training images, the parts of a batch, and whether the older
constants are used. Four parts stand for the authors' four GPUs (by their published code): each has 128 images, its own
batch statistics and, in a search, its own mask; GradBalance's target is the mean of the parts' targets. The older
constants are Adam's rate of 0.15 on the logits, and no drop of it; else it is 0.1, and a tenth of that from epoch 17 of 20 on.
"""

import json
import math
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor

import numpy as np

os.environ.setdefault("CUDA_DEVICE_MAX_CONNECTIONS", "32")
import torch
import torch.nn.functional as F

SEARCHES = {
    "ours": ("standard", 45000, 1, False),
    "authors' start": ("authors", 45000, 1, False),
    "four masks, older constants": ("standard", 45000, 4, True),
    "authors' start, four masks, older constants, 50,000 images": ("authors", 50000, 4, True),
}
DENSITY, BATCH, TAU, START_EPOCHS, SEARCH_EPOCHS = 0.8**22, 512, 2 / 3, 9, 20

CUDA = torch.cuda.is_available()
DEVICE = "cuda" if CUDA else "cpu"
MEAN = torch.tensor([0.4914, 0.4822, 0.4465], device=DEVICE).view(1, 3, 1, 1)
STD = torch.tensor([0.2023, 0.1994, 0.2010], device=DEVICE).view(1, 3, 1, 1)


def decode(path):
    from PIL import Image

    return np.asarray(Image.open(path).convert("RGB")).transpose(2, 0, 1)


class Images:
    """On the device, padded by reflection, so that a crop and a flip are an index."""

    def __init__(self, folder):
        classes = sorted(os.listdir(folder))
        files = [(f"{folder}/{c}/{f}", i) for i, c in enumerate(classes) for f in sorted(os.listdir(f"{folder}/{c}"))]
        with ProcessPoolExecutor() as pool:
            pixels = np.stack(list(pool.map(decode, [file for file, _ in files], chunksize=500)))
        pixels = np.pad(pixels, ((0, 0), (0, 0), (4, 4), (4, 4)), mode="reflect")
        self.padded = torch.from_numpy(pixels).to(DEVICE)
        self.labels = torch.tensor([label for _, label in files], device=DEVICE)
        self.span = torch.arange(32, device=DEVICE)
        self.channel = torch.arange(3, device=DEVICE).view(1, 3, 1, 1)

    def batch(self, index, top, left, flip):
        rows = (top[:, None] + self.span).view(-1, 1, 32, 1)
        columns = left[:, None] + self.span
        columns = torch.where(flip[:, None], 39 - columns, columns).view(-1, 1, 1, 32)
        x = self.padded[index.view(-1, 1, 1, 1), self.channel, rows, columns]
        x = ((x.float() / 255 - MEAN) / STD).contiguous(memory_format=torch.channels_last)
        return x, self.labels[index]

    def plain(self, index):
        centre = torch.full_like(index, 4)
        return self.batch(index, centre, centre, torch.zeros_like(index, dtype=torch.bool))


# The network's parameters are a list in order of use, so that relaxed weights can stand in for them.
LAYERS, STRIDED = [(3, 16)], []
for width in (16, 32, 64):
    for _ in range(3):
        before = LAYERS[-1][1]
        STRIDED.append(width != before)
        LAYERS += [(before, width), (width, width), *([(before, width)] if width != before else [])]
SHAPES = [s for cin, cout in LAYERS for s in ((cout, cin, 3, 3), (cout,), (cout,))] + [(10, 64), (10,)]
PRUNABLE = [i for i, shape in enumerate(SHAPES) if len(shape) > 1]
SIZES = [math.prod(SHAPES[i]) for i in PRUNABLE]
D = sum(SIZES)
KEPT = math.floor(DENSITY * D)


def initialise(generator):
    def draw(i, shape):
        if len(shape) > 1:
            return torch.randn(shape, generator=generator, device=DEVICE) * math.sqrt(2 / math.prod(shape[1:]))
        if i % 3 == 2:
            return torch.zeros(shape, device=DEVICE)
        uniform = torch.rand(shape, generator=generator, device=DEVICE)
        return uniform if i < len(SHAPES) - 1 else (uniform * 2 - 1) / 8

    return [draw(i, shape) for i, shape in enumerate(SHAPES)]


def forward(parameters, x):
    rest = iter(parameters)

    def layer(v, stride=1):
        v = F.conv2d(v, next(rest), None, stride, 1)
        return F.batch_norm(v, None, None, next(rest), next(rest), True, 0.1, 1e-5)

    x = F.relu(layer(x))
    for strided in STRIDED:
        stride = 2 if strided else 1
        y = layer(F.relu(layer(x, stride)))
        x = F.relu(y + (layer(x, stride) if strided else x))
    return F.linear(x.mean((2, 3)), next(rest), next(rest))


def flat(parameters):
    return torch.cat([parameters[i].reshape(-1) for i in PRUNABLE])


def with_weights(parameters, weights):
    out = list(parameters)
    for i, weight in zip(PRUNABLE, weights.split(SIZES)):
        out[i] = weight.view(SHAPES[i])
    return out


class Job:
    """Steps over shuffled epochs of the images of `index`; the last batch of an epoch is filled up from its first."""

    def __init__(self, images, index, seed, epochs):
        self.images, self.all, self.epochs = images, index, epochs
        self.generator = torch.Generator(DEVICE).manual_seed(seed)
        self.steps_an_epoch = math.ceil(len(index) / BATCH)
        self.at, self.steps = 0, epochs * self.steps_an_epoch
        self.index, self.rate = index[:BATCH].clone(), torch.zeros((), device=DEVICE)
        self.stream = torch.cuda.Stream() if CUDA else None
        self.graph = None

    def capture(self):
        torch.cuda.synchronize()
        kept = [t.clone() for t in self.state()]
        with torch.cuda.stream(self.stream):
            self.draw()
            for _ in range(2):
                self.step()
        torch.cuda.synchronize()
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph, stream=self.stream):
            self.step()
        for tensor, value in zip(self.state(), kept):
            tensor.copy_(value)
        torch.cuda.synchronize()

    def advance(self):
        step = self.at % self.steps_an_epoch
        if step == 0:
            order = torch.randperm(len(self.all), generator=self.generator, device=DEVICE)
            self.order = self.all[torch.cat([order, order])[: self.steps_an_epoch * BATCH]]
            self.begin(self.at // self.steps_an_epoch)
        self.index.copy_(self.order[step * BATCH : (step + 1) * BATCH])
        self.draw()
        self.graph.replay() if self.graph else self.step()
        self.at += 1

    def run(self):
        while self.at < self.steps:
            if not CUDA:
                self.advance()
                continue
            with torch.cuda.stream(self.stream):
                self.advance()
            if self.at % 20 == 0:
                self.stream.synchronize()


class Training(Job):
    """To the start point. By `authors` the gradient is of the loss summed over each part, and their mean."""

    def __init__(self, images, index, seed, parameters, recipe):
        super().__init__(images, index, seed, START_EPOCHS)
        self.parts, self.divisor = (4, 4) if recipe == "authors" else (1, BATCH)
        self.parameters = [p.requires_grad_() for p in parameters]
        self.momentum = [torch.zeros_like(p) for p in parameters]
        self.top, self.left = (torch.zeros(BATCH, dtype=torch.long, device=DEVICE) for _ in range(2))
        self.coin = torch.zeros(BATCH, device=DEVICE)

    def state(self):
        return [p.data for p in self.parameters] + self.momentum

    def begin(self, epoch):
        self.rate.fill_(0.1)

    def draw(self):
        self.top.random_(0, 9, generator=self.generator)
        self.left.random_(0, 9, generator=self.generator)
        self.coin.uniform_(generator=self.generator)

    def step(self):
        x, y = self.images.batch(self.index, self.top, self.left, self.coin > 0.5)
        with torch.autocast(DEVICE, torch.float16, enabled=CUDA):
            parts = zip(x.chunk(self.parts), y.chunk(self.parts))
            losses = [F.cross_entropy(forward(self.parameters, a).float(), b, reduction="sum") for a, b in parts]
        scale = 8.0  # keeps gradients off float16's smallest numbers
        gradients = torch.autograd.grad(scale * sum(losses), self.parameters)
        with torch.no_grad():
            gradients = [g / (scale * self.divisor) for g in gradients]
            norm = torch.stack([g.norm() for g in gradients]).norm()
            factor = (2 / (norm + 1e-6)).clamp(max=1)
            for p, v, g in zip(self.parameters, self.momentum, gradients):
                v.mul_(0.9).add_(g * factor + 1e-3 * p.data)
                p.data.sub_(v * self.rate)


class Search(Job):
    def __init__(self, images, index, seed, parameters, parts, older):
        super().__init__(images, index, seed, SEARCH_EPOCHS)
        self.older, self.parts = older, parts
        self.parameters, self.theta = parameters, flat(parameters)
        self.logits = torch.full((D,), math.log(DENSITY / (1 - DENSITY)), device=DEVICE)
        self.first, self.second = torch.zeros(D, device=DEVICE), torch.zeros(D, device=DEVICE)
        self.count, self.objective = torch.zeros((), device=DEVICE), torch.zeros((), device=DEVICE)
        self.balance = torch.full((), -math.inf, device=DEVICE)
        self.noise = torch.zeros(parts, D, device=DEVICE)

    def state(self):
        return [self.logits, self.first, self.second, self.count, self.objective, self.balance]

    def begin(self, epoch):
        self.objective.zero_()
        self.rate.fill_(0.15 if self.older else 0.1 * (0.1 if epoch >= int(0.88 * SEARCH_EPOCHS) else 1))

    def draw(self):
        self.noise.uniform_(generator=self.generator)

    def part(self, x, y, noise):
        logits = self.logits.detach().requires_grad_()
        u = noise.clamp(1e-7, 1 - 1e-7)
        mask = torch.sigmoid((u.log() - (-u).log1p()) / TAU + logits)
        loss = F.cross_entropy(forward(with_weights(self.parameters, self.theta * mask), x), y)
        return loss.detach(), torch.autograd.grad(100 * loss, logits)[0]

    def step(self):
        x, y = self.images.plain(self.index)
        parts = zip(x.chunk(self.parts), y.chunk(self.parts), self.noise)
        losses, gradients = zip(*(self.part(*part) for part in parts))
        with torch.no_grad():
            self.objective += torch.stack(losses).mean() / self.steps_an_epoch
            on = self.logits.sigmoid()
            sparse = 100 / (1.1 * DENSITY * D) * on * (1 - on)
            target = torch.stack([g.norm() for g in gradients]).mean() / sparse.norm()
            target = torch.where(on.sum() > 1.1 * DENSITY * D, target, torch.zeros_like(target))
            smooth = 0.99 * self.balance + 0.01 * target
            self.balance.copy_(torch.where(torch.isinf(self.balance), target, smooth))
            gradient = torch.stack(gradients).mean(0) + self.balance * sparse
            self.count += 1
            self.first.mul_(0.9).add_(0.1 * gradient)
            self.second.mul_(0.999).add_(0.001 * gradient * gradient)
            spread = (self.second / (1 - 0.999**self.count)).sqrt() + 1e-8
            self.logits.sub_(self.rate * self.first / (1 - 0.9**self.count) / spread)

    def ticket(self):
        mask = torch.zeros(D, device=DEVICE)
        mask[self.logits.topk(KEPT).indices] = 1
        return mask


def run_all(jobs):
    if CUDA:
        for job in jobs:
            job.capture()
    threads = [threading.Thread(target=job.run) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if CUDA:
        torch.cuda.synchronize()


@torch.no_grad()
def loss_of(parameters, images, index, batch):
    total = 0.0
    for some in index.split(batch):
        x, y = images.plain(some)
        total += F.cross_entropy(forward(parameters, x), y, reduction="sum").item()
    return total / len(index)


def main():
    torch.backends.cudnn.benchmark = True
    folder, out, *wanted = sys.argv[1:]
    images = Images(f"{folder}/train")
    file = open(f"{out}/results.jsonl", "w")

    def index_of(count, seed):
        generator = torch.Generator().manual_seed(seed)
        return torch.randperm(len(images.labels), generator=generator)[:count].to(DEVICE)

    def tell(parameters, count, seed, **values):
        quarter = index_of(count, seed)[: count // 4]
        losses = {f"lossInBatchesOf{n}": round(loss_of(parameters, images, quarter, n), 4) for n in (512, 128)}
        print(json.dumps({**values, "images": count, "seed": seed, **losses}), file=file, flush=True)

    pairs = [(name, seed) for name, n in (w.rsplit("=", 1) for w in wanted) for seed in range(1, int(n) + 1)]
    trainings = {}
    for recipe, count, seed in sorted({(*SEARCHES[name][:2], seed) for name, seed in pairs}):
        parameters = initialise(torch.Generator(DEVICE).manual_seed(1000 + seed))
        trainings[recipe, count, seed] = Training(images, index_of(count, seed), 2000 + seed, parameters, recipe)
    run_all(trainings.values())
    starts = {key: [p.detach() for p in job.parameters] for key, job in trainings.items()}
    for (recipe, count, seed), parameters in starts.items():
        tell(parameters, count, seed, start=recipe)
    searches = {}
    for name, seed in pairs:
        recipe, count, parts, older = SEARCHES[name]
        start = starts[recipe, count, seed]
        searches[name, seed] = Search(images, index_of(count, seed), 3000 + seed, start, parts, older)
    run_all(searches.values())
    for (name, seed), job in searches.items():
        facts = {"lastEpoch": round(job.objective.item(), 4), "expectedDensity": round(job.logits.sigmoid().mean().item(), 4)}
        tell(with_weights(job.parameters, job.theta * job.ticket()), SEARCHES[name][1], seed, search=name, **facts)
    torch.save({"starts": starts, "tickets": {key: job.ticket() for key, job in searches.items()}}, f"{out}/tickets.pt")


if __name__ == "__main__":
    main()
