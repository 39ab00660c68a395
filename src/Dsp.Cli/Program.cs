using Dsp.Cli;

// The operator's tool. Its table of contents is `dsp help`; each command is a file in Commands/.
return await CommandTree.RunAsync(args, Surroundings.OfProcess, CancellationToken.None);
