using Dsp.Demo.Start;
using Dsp.Demo.Story;

// The demo: Dsp.Server with invented people. It is absent from the published server.
//   Start/      the command line, the data folder and its mark, the database and its stamp, the run itself
//   Content/    the story's people and documents, made by code
//   Story/      the story played as real operations on a moved clock
//   Contract/   demo.json: addresses, people, tokens
//   Portal/     signing in by choosing a person
if (args is ["--help" or "-h" or "help"])
{
    Console.Out.WriteLine(DemoArguments.Usage);
    return 0;
}
try
{
    await new DemoRun(DemoArguments.Parse(args), Console.Out).RunAsync(CancellationToken.None);
    return 0;
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(DemoArguments.Usage);
    return 2;
}
catch (Exception e) when (e is DemoRefusedException or StoryBrokenException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
