/** What happens here, in a screen, and what the numbers are. */
export function HowItWorks() {
  return (
    <section aria-labelledby="how">
      <h2 id="how">How it works</h2>
      <p>
        A network learns by changing its weights, one for each connection. Most of them could be
        left out, but not any: those that a lottery draws learn next to nothing. The few that learn
        well by themselves are called a <em>winning ticket</em>.
      </p>
      <p>
        The whole network is trained for a short while first, and what it says of each image is
        remembered. Then <em>Concrete Ticket Search</em> gives each weight a number, how likely it
        is to be kept. In every step it draws a mask by these numbers, looks how far what the masked
        network says is from what the whole one says (the objective), and moves the numbers along
        the gradient: no weight changes, only the chance to be kept. A pull, λ, brings the expected
        share of kept weights down to what you asked for. In the end the likeliest weights are the
        ticket. It is trained from where the search began, all other weights held at exactly 0, and
        tested on images that neither network has seen.
      </p>
      <p>
        The method is by Arora and Teuscher:{' '}
        <a href="https://arxiv.org/abs/2512.07142">arXiv 2512.07142</a>. A ticket draws on what all
        weights do together; that is why it beats the largest weights or a score for each.
      </p>
      <h3>What the numbers are</h3>
      <p>
        All is computed here, by Winnow on TensorFlow.js’s WebAssembly, on one core. Tickets and
        accuracies are those of the command line’s backend <code>wasm</code>; its other backends
        round differently and find other tickets, about as good. The digits are 8 × 8 pixels, the
        network is a ResNet-8, and a round is short, which is why this ends in a minute. Images as
        large as CIFAR’s are for the command line. While another tab is in front, the page waits.
        The digits are by E. Alpaydin and C. Kaynak (Optical Recognition of Handwritten Digits, CC
        BY 4.0).
      </p>
    </section>
  );
}
