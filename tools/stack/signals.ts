const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const isSignal = (event: string | symbol): boolean =>
  (signals as readonly (string | symbol)[]).includes(event)

/**
 * Resolves when somebody asks this process to end. From here on the signals are ours alone: the local runtime would
 * answer them by ending the process at once, under an open database.
 */
export function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    // npm passes on what the terminal has already sent, so a second signal is no news.
    const onSignal = () => resolve()
    for (const signal of signals) process.on(signal, onSignal)
    process.on('newListener', (event, listener) => {
      if (isSignal(event) && listener !== onSignal) process.nextTick(() => process.off(event, listener))
    })
  })
}
