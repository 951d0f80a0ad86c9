// Loaded before Azurite (node --require): when standard input closes, that is when whoever started it stops it or
// dies, Azurite gets the SIGTERM on which it saves and stops. With nobody left to read what it says, it says it to
// nobody, rather than die of it before it has saved.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume();
