using System.Diagnostics.CodeAnalysis;

namespace Dsp;

/// <summary>
/// What an operation answers: its value, or the refusal that stopped it.
/// Refusals are expected and change nothing in the stores but the journal; faults are exceptions.
/// </summary>
public readonly struct Outcome<T>
{
    private readonly T? value;

    private Outcome(T? value, Refusal? refusal) => (this.value, Refusal) = (value, refusal);

    public Refusal? Refusal { get; }

    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Succeeded => Refusal is null;

    /// <summary>The value; asking for it after a refusal is a fault.</summary>
    public T Value => Refusal is null ? value! : throw new InvalidOperationException($"Refused: {Refusal.Id}");

    public TResult Match<TResult>(Func<T, TResult> succeeded, Func<Refusal, TResult> refused) =>
        Refusal is null ? succeeded(value!) : refused(Refusal);

    /// <summary>The next step where this one succeeded; its refusal where not.</summary>
    public Outcome<TNext> Then<TNext>(Func<T, Outcome<TNext>> next) => Refusal is null ? next(value!) : new Outcome<TNext>(default, Refusal);

#pragma warning disable CA2225 // The conversions are the way to make one.
    public static implicit operator Outcome<T>(T value) => new(value, null);
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
#pragma warning restore CA2225
}

/// <summary>An outcome without a value of its own.</summary>
public readonly record struct Done;
