namespace Dsp;

/// <summary>
/// Marks an operation: one class, one public method named RunAsync that tells the story. Its constructor names the parts it
/// uses; the server registers every operation it finds in this assembly as a singleton.
/// </summary>
#pragma warning disable CA1040 // A marker on purpose: a shared method would have no common shape.
public interface IOperation;
#pragma warning restore CA1040
