interface ChoiceProps {
  readonly name: string
  readonly value: string
  readonly of: readonly string[]
  readonly choose: (value: string) => void
}

export function Choice({ name, value, of, choose }: ChoiceProps) {
  return (
    <label>
      {name}{' '}
      <select value={value} onChange={(e) => choose(e.target.value)}>
        {of.map((n) => (
          <option key={n}>{n}</option>
        ))}
      </select>
    </label>
  )
}

interface CountProps {
  readonly name: string
  readonly value: number
  readonly most: number
  readonly choose: (value: number) => void
}

export function Count({ name, value, most, choose }: CountProps) {
  return (
    <label>
      {name}{' '}
      <input
        type="number"
        min={1}
        max={most}
        value={value}
        onChange={(e) => {
          const n = e.target.valueAsNumber
          if (n >= 1 && n <= most) choose(Math.floor(n))
        }}
      />
    </label>
  )
}
