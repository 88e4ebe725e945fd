"""Makes words/, mobilenetv2/, densenet40/ and wideresnet28/ with PyTorch and torchvision; README.md says what they hold.

Weights and images are hashed as in with_torchvision.py; computed in float64.

    python3 with_torch_layers.py        # made with torch 2.15 and torchvision 0.29
"""
import math

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

from with_torchvision import HERE, hashed, write


def normalized(x, weight, bias):
    return F.batch_norm(x, None, None, weight, bias, training=True)


WORDS = {
    "grouped.weight": (6, 2, 3, 2), "grouped.bias": (6,), "bn1.weight": (6,), "bn1.bias": (6,),
    "depthwise.weight": (12, 1, 3, 3), "bn2.weight": (12,), "bn2.bias": (12,),
    "fc.weight": (4, 150), "fc.bias": (4,),
}


def words_forward(p, x):
    a = F.conv2d(F.pad(x, (1, 1, 1, 0)), p["grouped.weight"], p["grouped.bias"], stride=2, groups=2)
    b = F.leaky_relu(normalized(a, p["bn1.weight"], p["bn1.bias"]), 0.1)
    c = F.conv2d(b, p["depthwise.weight"], padding=1, groups=6)
    d = F.relu6(normalized(c, p["bn2.weight"], p["bn2.bias"]))
    e = torch.cat((d, b, F.gelu(c)), 1)
    f = torch.cat((e.mean((2, 3)), F.avg_pool2d(e, (2, 3), 2).flatten(1)), 1)
    return F.linear(f, p["fc.weight"], p["fc.bias"])


def words():
    """Every gradient whole, and H · v by a second backward pass, where v is hashed too."""
    parameters, directions = {}, {}
    for stream, (name, shape) in enumerate(WORDS.items(), 1):
        # Scales of which some values of what is normalised pass 6.
        low, high = (2, 8) if name.startswith("bn") and name.endswith("weight") else (-1, 1)
        parameters[name] = hashed(shape, stream, low, high).double().requires_grad_()
        directions[name] = hashed(shape, 100 + stream, -1, 1).double()
    images = hashed((3, 4, 9, 8), 0, -1, 1).double()
    logits = words_forward(parameters, images)
    loss = F.cross_entropy(logits, torch.arange(3))
    gradients = torch.autograd.grad(loss, parameters.values(), create_graph=True)
    along = sum((g * v).sum() for g, v in zip(gradients, directions.values()))
    products = torch.autograd.grad(along, parameters.values())
    write(
        HERE / "words" / "forward.safetensors",
        {
            "logits": logits,
            "loss": loss.reshape(1),
            **{f"grad.{name}": g for name, g in zip(parameters, gradients)},
            **{f"product.{name}": h for name, h in zip(parameters, products)},
        },
    )


class DenseNet40(nn.Module):
    """DenseNet-40 with growth 12, without bottlenecks and compression (Huang et al., arXiv 1608.06993, table 2)."""

    def __init__(self, classes, growth=12):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        channels, layers = 16, []
        for block in range(3):
            for _ in range(12):
                layers.append(("dense", nn.BatchNorm2d(channels), nn.Conv2d(channels, growth, 3, padding=1, bias=False)))
                channels += growth
            if block < 2:
                layers.append(("transition", nn.BatchNorm2d(channels), nn.Conv2d(channels, channels, 1, bias=False)))
        self.kinds = [kind for kind, _, _ in layers]
        self.layers = nn.ModuleList(nn.ModuleList(parts) for _, *parts in layers)
        self.bn = nn.BatchNorm2d(channels)
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.stem(x)
        for kind, (bn, conv) in zip(self.kinds, self.layers):
            y = conv(F.relu(bn(x)))
            x = torch.cat((x, y), 1) if kind == "dense" else F.avg_pool2d(y, 2)
        return self.fc(F.relu(self.bn(x)).mean((2, 3)))


class WideBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn2, self.conv2 = nn.BatchNorm2d(outputs), nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if inputs != outputs else None

    def forward(self, x):
        y = F.relu(self.bn1(x))
        z = self.conv2(F.relu(self.bn2(self.conv1(y))))
        return z + (x if self.shortcut is None else self.shortcut(y))


class WideResNet28(nn.Module):
    """WRN-28-k (Zagoruyko and Komodakis, arXiv 1605.07146), as its authors' own code has it, without dropout."""

    def __init__(self, classes, width):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        inputs, blocks = 16, []
        for stage, channels in enumerate((16, 32, 64)):
            for block in range(4):
                blocks.append(WideBlock(inputs, channels * width, 2 if stage > 0 and block == 0 else 1))
                inputs = channels * width
        self.blocks = nn.Sequential(*blocks)
        self.bn, self.fc = nn.BatchNorm2d(inputs), nn.Linear(inputs, classes)

    def forward(self, x):
        return self.fc(F.relu(self.bn(self.blocks(self.stem(x)))).mean((2, 3)))


def mobilenet(classes, cifar=False):
    """torchvision's, without dropout; for CIFAR with the strides of kuangliu/pytorch-cifar."""
    model = torchvision.models.mobilenet_v2(num_classes=classes, dropout=0.0)
    if cifar:
        model.features[0][0].stride = (1, 1)
        model.features[2].conv[1][0].stride = (1, 1)
    return model


def filled(model):
    for stream, p in enumerate(model.parameters(), 1):
        bound = math.sqrt(6 / math.prod(p.shape[1:]))
        # Of one axis, what PyTorch begins with 1 is a scale.
        kind = "weight" if p.dim() > 1 else "scale" if p.data.eq(1).all() else "bias"
        low, high = {"weight": (-bound, bound), "scale": (0.5, 1.5), "bias": (-0.1, 0.1)}[kind]
        p.data.copy_(hashed(p.shape, stream, low, high))
    return model.double().train()


def network(folder, name, model, side, stream=0, batch=2):
    """Norms of gradients in the order of the parameters, and the first one whole; `stream` of the images."""
    model = filled(model)
    bound = math.sqrt(3)
    images = hashed((batch, 3, side, side), stream, -bound, bound).double()
    logits = model(images)
    loss = F.cross_entropy(logits, torch.arange(batch))
    loss.backward()
    gradients = [p.grad for p in model.parameters()]
    results = {
        "logits": logits,
        "loss": loss.reshape(1),
        "gradNorms": torch.stack([g.norm() for g in gradients]),
        "firstGrad": gradients[0],
        **synaptic_flow(model, side),
    }
    write(HERE / folder / f"{name}.safetensors", results)


def synaptic_flow(model, side):
    """ln R, and ‖θ ⊙ ∂R/∂θ‖ / R of what has more axes than one; ReLU6 is read as ReLU, which passes 6."""
    model.eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
        if isinstance(module, nn.ReLU6):
            module.max_val = math.inf
    for p in model.parameters():
        p.data.abs_()
        p.grad = None
    total = model(torch.ones(1, 3, side, side).double()).sum()
    total.backward()
    parts = [(p * p.grad).norm() / total for p in model.parameters() if p.dim() > 1]
    return {"logFlow": total.log().reshape(1), "flowNorms": torch.stack(parts)}


if __name__ == "__main__":
    words()
    network("mobilenetv2", "forward", mobilenet(10), 64)
    # With these images no value comes so near to 0 or 6 that ReLU6 decides otherwise in float32.
    network("mobilenetv2", "cifar", mobilenet(10, cifar=True), 16, stream=1725)
    network("densenet40", "forward", DenseNet40(10), 16)
    network("wideresnet28", "forward", WideResNet28(10, 2), 16)
