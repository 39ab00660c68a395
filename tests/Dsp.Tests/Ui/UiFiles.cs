namespace Dsp.Tests.Ui;

/// <summary>Files of the library's folder, found from the test's own place.</summary>
internal static class UiFiles
{
    public static string Root { get; } = FindRoot();

    public static string Library => Path.Combine(Root, "src", "Dsp.Ui");

    public static string Tests => Path.Combine(Root, "tests", "Dsp.Tests", "Ui");

    public static string Fixtures(string component) =>
        Path.Combine(Library, "node_modules", "govuk-frontend", "dist", "govuk", "components", component, "fixtures.json");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Dsp.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Dsp.slnx not found above " + AppContext.BaseDirectory);
    }
}
